"""Worker processes: how many, how they are started, and that none outlives the process that started it."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path


def pool(count: int = 0) -> ProcessPoolExecutor:
    """Return a pool of `count` processes, or of one a core.

    They are spawned, because the caller has threads (Prefect's, the collector's), and a fork would copy their locks.
    """
    return ProcessPoolExecutor(
        count or multiprocessing.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=follow_parent,
    )


def end(pool: ProcessPoolExecutor) -> None:
    """End a pool whose workers hang or are gone, at once."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):  # no public way before Python 3.14
        process.kill()
    pool.shutdown(cancel_futures=True)


@contextmanager
def shielded() -> Iterator[None]:
    """Start processes in the block that Ctrl-C does not reach: it is the parent that ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # what is started inherits it
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_parent() -> None:
    """End this process when its parent ends, even by a kill: a pool's own pipes would keep it waiting for ever.

    And when the kernel has to end somebody for want of memory, let it be this process rather than its parent.
    """
    with suppress(OSError):  # not on this system, or not permitted
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)
