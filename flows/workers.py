"""Worker processes: how many, how they are started, and that none outlives the process that started it."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def pool(count: int = 0) -> ProcessPoolExecutor:
    """Return a pool of `count` processes, or of one a core.

    They are spawned, because the caller has threads (Prefect's, the collector's), and a fork would copy their locks.
    """
    return ProcessPoolExecutor(
        count or multiprocessing.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_follow_parent,
    )


def _follow_parent() -> None:
    """End this process when its parent ends, even by a kill: a pool's own pipes would keep it waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)
