"""A cycle over a served newsroom that kills itself at a chosen point, in a process of its own, for `test_cycle`.

Arguments: data folder, first port, `module:Class.method` to watch, which call of it, and whether to die before it,
after it or half-way through its bytes.
"""

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from flows.demo.content import read_outlets, read_pieces
from flows.demo.newsroom import Newsroom
from flows.registry import Registry
from tests import world


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(target: str, count: int, moment: str) -> None:
    """Wrap what `target` names so that its call number `count` kills the process."""
    module_name, _, path = target.partition(":")
    owner: Any = importlib.import_module(module_name)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, name)
    calls = 0

    def armed(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != count:
            return original(*arguments, **named)
        if moment == "before":
            die()
        if moment == "half":
            writer, data = arguments
            os.write(writer._file.fileno(), data[: len(data) // 2])
            die()
        original(*arguments, **named)
        die()
        return None

    setattr(owner, name, armed)


def main(data: str, base: str, target: str, count: str, moment: str) -> None:
    """Run a cycle with the trap set."""
    outlets = read_outlets()
    bases = {outlet.id: f"http://127.0.0.1:{int(base) + n}" for n, outlet in enumerate(outlets)}
    newsroom = Newsroom(edition=1, outlets=outlets, pieces=read_pieces(1), bases=bases)
    arm(target, int(count), moment)
    world.run(Path(data), Registry(sources=newsroom.sources(), feeds=newsroom.feeds()))


if __name__ == "__main__":
    main(*sys.argv[1:])
