"""`tripolar up`: the Prefect server and the schedule as children of one process, which ends them both however it ends.

What is scheduled is in `schedule`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import httpx

from flows.config import Settings

_START = 120.0  # seconds for the server to answer
_GRACE = 15.0  # seconds for a child to end by itself


class Stop(Exception):
    """Somebody asked us to stop."""


def up(settings: Settings, config: Path | None, *, port: int) -> int:
    """Run server and schedule until a signal or until one of them ends. Returns the exit status."""
    if _taken(port):
        _say(f"port {port} is taken: stop what listens there, or name another with --port")
        return 1
    api = f"http://127.0.0.1:{port}/api"
    environment = os.environ | {"PREFECT_API_URL": api, "PREFECT_UI_API_URL": api}
    children: list[tuple[str, subprocess.Popen[bytes]]] = []
    previous = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        children.append(("server", _begin(server, environment)))
        _say("starting the Prefect server (about 15 seconds)")
        if not _answers(f"{api}/health", children[0][1]):
            _say(f"the Prefect server did not answer at {api}: its messages are above; tripolar doctor may tell more")
            return 1
        _say(f"UI: http://127.0.0.1:{port}   a cycle every {settings.interval} s   corpus: {settings.corpus}")
        schedule = [sys.executable, "-m", "flows.schedule", str(config.resolve()) if config else ""]
        children.append(("schedule", _begin(schedule, environment)))
        return _watch(children)
    except Stop:
        _say("stopping")
        return 0
    finally:
        for number in previous:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave children behind
        for _, child in reversed(children):
            _end(child)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def _begin(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C on the terminal comes to us alone, and we stop the children in their order.
    return subprocess.Popen(command, env=environment, stdout=sys.stderr, start_new_session=True)  # noqa: S603 - our own


def _answers(url: str, child: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _START
    with httpx.Client(trust_env=False, timeout=2.0) as client:
        while time.monotonic() < deadline and child.poll() is None:
            with suppress(httpx.HTTPError):
                if client.get(url).is_success:
                    return True
            time.sleep(0.3)
    return False


def _watch(children: list[tuple[str, subprocess.Popen[bytes]]]) -> int:
    while True:
        for name, child in children:
            if (status := child.poll()) is not None:
                _say(f"the {name} ended with status {status}: stopping the rest")
                return status or 1
        time.sleep(0.5)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child and everything that it started to stop, and after a while make it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        try:
            child.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            continue
        break
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # what the child left of its group


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
