"""What a piece of work costs: run in a fresh process, with its clock time, the CPU time and the peak memory of all of it.

Processes that the work starts count, too; servers that it asks do not, since they are not its children.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a piece of work took, and what it returned."""

    seconds: float
    cpu: float  # seconds, of its process and those that it started and waited for
    parent: float  # peak resident megabytes of its process
    workers: tuple[float, ...]  # and of each that it started
    result: Any


def measure(work: Callable[..., Any], *arguments: object) -> Cost:
    """Do a piece of work in a fresh process. What it raises ends the measuring, too."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    peaks: dict[int, float] = {}
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, over))
    watcher.start()
    try:
        seconds, cpu, result = ours.recv()
    except EOFError:
        raise RuntimeError(f"{work.__name__} failed; its traceback is above") from None
    finally:
        over.set()
        watcher.join()
        process.join()
    own = peaks.pop(process.pid or 0, 0.0)
    return Cost(seconds=seconds, cpu=cpu, parent=own, workers=tuple(sorted(peaks.values())), result=result)


def _work(tell: Connection, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    began, spent = time.perf_counter(), sum(os.times()[:4])
    result = work(*arguments)
    tell.send((time.perf_counter() - began, sum(os.times()[:4]) - spent, result))


def _watch(root: int | None, peaks: dict[int, float], over: threading.Event) -> None:
    """Note the high-water mark of a process and of all below it, five times a second. Linux only; elsewhere nothing."""
    while not over.wait(0.2):
        parents: dict[int, int] = {}
        marks: dict[int, float] = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError, ValueError, KeyError):
                facts = dict(line.split(":", 1) for line in status.read_text().splitlines())
                parents[int(facts["Pid"])] = int(facts["PPid"])
                marks[int(facts["Pid"])] = int(facts["VmHWM"].split()[0]) / 1000
        for pid, mark in marks.items():
            above = pid
            while above and above != root:
                above = parents.get(above, 0)
            if above:
                peaks[pid] = mark
