"""Prefect's surroundings: where it keeps its things, how quiet it is. Set before Prefect is imported, never after."""

import os
from pathlib import Path

from flows.config import Settings


def prepare(settings: Settings) -> str | None:
    """Set what the user has not set. Return the address of the server to use, or None for a passing one."""
    defaults = {
        "PREFECT_HOME": str((settings.data / "prefect").resolve()),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # seconds; 20 are too few on a busy machine
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)  # Prefect makes the last folder only
    return os.environ.get("PREFECT_API_URL")
