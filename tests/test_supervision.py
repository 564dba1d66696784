"""`tripolar up`: server and schedule come up, a cycle can be started from the UI's API, and a signal ends everything."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from flows import prefecture
from flows.config import Settings
from tests import world

TRIPOLAR = str(Path(sys.executable).parent / "tripolar")


def test_prefect_finds_its_folder_in_a_data_folder_that_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run of a new user has no data folder yet."""
    for name in ("PREFECT_HOME", "PREFECT_API_URL", "DO_NOT_TRACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    assert prefecture.prepare(Settings(data=tmp_path / "new" / "data")) is None
    assert (tmp_path / "new" / "data" / "prefect").is_dir()


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    """Instead of a server that fails somewhere later."""
    with world.serve() as (_, registry):
        port = str(world.base_of(registry))
        done = subprocess.run(
            [TRIPOLAR, "up", "--port", port], capture_output=True, text=True, cwd=tmp_path, timeout=60
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_up_serves_the_schedule_and_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    """From an empty folder to a listed deployment, and back to nothing."""
    port = world.free_ports(1)
    (tmp_path / "tripolar.toml").write_text("interval = 86400\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    with (tmp_path / "log").open("wb") as log:
        up = subprocess.Popen(
            [TRIPOLAR, "up", "--port", str(port)], cwd=tmp_path, env=environment, stdout=log, stderr=log
        )
        try:
            names = deployments(port, up)
        finally:
            up.send_signal(how)
            status = up.wait(timeout=60)
    assert "cycle" in names, (tmp_path / "log").read_text()
    assert status == 0, (tmp_path / "log").read_text()
    assert left_of(port) == []


def deployments(port: int, up: subprocess.Popen[bytes]) -> list[str]:
    """Wait until the schedule has registered itself, and return the names of its deployments."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and up.poll() is None:
        time.sleep(0.5)
        try:
            found = post(f"http://127.0.0.1:{port}/api/deployments/filter")
        except OSError:
            continue
        if found:
            return [row["name"] for row in found]
    return []


def post(url: str) -> Any:
    """Ask Prefect's API."""
    request = urllib.request.Request(url, data=b"{}", headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def left_of(port: int) -> list[str]:
    """Return the command lines of processes that know the port."""
    told = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if f"--port {port}" in line and "ps -eo" not in line]
