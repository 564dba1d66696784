"""The files for systemd and containers say what exists: commands, options, folders, exit statuses."""

import re
import shutil
import subprocess
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
