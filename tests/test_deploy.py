"""The files for systemd and containers say what exists: commands, options, folders, exit statuses."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
import typer

from flows import cli

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def settings(name: str) -> dict[str, str]:
    """Return the settings of a unit, each once."""
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if re.match(r"[A-Z]\w+=", line)]
    keys = [key for key, _, _ in pairs]
    assert len(keys) == len(set(keys))
    return {key: value for key, _, value in pairs}


def test_the_service_runs_a_command_that_exists_with_options_that_it_has() -> None:
    """`tripolar run --log json`."""
    program, command, *options = settings("tripolar.service")["ExecStart"].split()
    assert program == "/opt/tripolar/.venv/bin/tripolar"
    known = typer.main.get_command(cli.app).commands[command]  # type: ignore[attr-defined]
    given = {name for parameter in known.params for name in parameter.opts}
    assert {option for option in options if option.startswith("-")} <= given


def test_the_service_cannot_write_outside_its_folder_and_survives_the_end_of_a_worker() -> None:
    """The settings that make it so are there."""
    found = settings("tripolar.service")
    assert found["ProtectSystem"] == "strict"
    assert found["NoNewPrivileges"] == "yes"
    assert found["OOMPolicy"] == "continue"
    assert found["User"] != "root"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
@pytest.mark.parametrize("name", ["tripolar.service", "tripolar.timer"])
def test_systemd_takes_the_units(name: str) -> None:
    """No setting is unknown to it; that the program is not installed here is no matter."""
    done = subprocess.run(
        ["systemd-analyze", "verify", str(DEPLOY / name)], capture_output=True, text=True, check=False
    )
    assert not re.search(r"Unknown|Failed to parse|Invalid", done.stderr), done.stderr


def test_the_container_copies_what_there_is_and_has_a_health_check() -> None:
    """Everything that installing needs, and no root at run time."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [word for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for word in line.split()]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert "HEALTHCHECK" in text
    assert text.index("USER tripolar") < text.index("ENTRYPOINT")
    assert ".venv/.ready" in text
    assert "$(READY): requirements.lock pyproject.toml" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_what_is_installed_from_a_wheel_runs(tmp_path: Path) -> None:
    """The command, the data that it needs, and the health check, in an environment that knows nothing of this checkout."""
    wheels = tmp_path / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if built.returncode and re.search(r"hatchling|No module named pip", built.stderr):
        pytest.skip("a wheel cannot be built without a package index: hatchling is not there")
    assert built.returncode == 0, built.stderr
    (wheel,) = wheels.glob("tripolar-*.whl")
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(fresh), "platbase": str(fresh)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [
        "--python",
        str(fresh),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--ignore-installed",
        str(wheel),
    ]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, timeout=120, capture_output=True)

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(fresh / "bin" / "tripolar"), *words],
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            check=False,
        )

    assert "health" in run("feeds", "--help").stdout
    line = json.dumps(
        {"id": "1", "title": "EU sanctions Russia", "text": "The European Union sanctioned Russia on Monday."}
    )
    tagged = run("tag", given=line + "\n")
    assert {"EU", "RU"} <= set(json.loads(tagged.stdout)["actors"]), tagged.stderr
    config = tmp_path / "tripolar.toml"
    config.write_text('data = "data"\n')
    check = run(*_health_check().split()[1:], "--config", str(config))
    assert check.returncode in (0, 1)  # of a machine without a network, too
    assert "Traceback" not in check.stderr
    assert "archive" in check.stdout + check.stderr


def _health_check() -> str:
    """Return the command of the container's health check."""
    (found,) = re.findall(r"^HEALTHCHECK .*CMD (.+)$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert found.split()[0] == "tripolar"
    return str(found)
