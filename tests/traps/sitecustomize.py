"""Makes some pages deadly, in every process that finds this file on its path: the seam for `tests/test_survival.py`.

Reading a page whose body says so kills the process, raises, or never ends.
"""

import os
import signal
import time

from extractors import intake

_read = intake.read


def read(record, **more):  # type: ignore[no-untyped-def]
    """Read a record, unless it is a trap."""
    body = getattr(record.outcome.exchange, "body", b"")
    if b"TRAP-KILL" in body:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"TRAP-MEMORY" in body:
        raise MemoryError("no memory left")
    if b"TRAP-RAISE" in body:
        raise RecursionError("a surprise")
    if b"TRAP-HANG" in body:
        time.sleep(3600)
    return _read(record, **more)


intake.read = read
