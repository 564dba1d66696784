"""A cycle over a served newsroom in a process of its own whose machine is at fault, for `test_faults`.

Arguments: data folder, first port, and the fault: `disk:BYTES` lets no file grow beyond so many bytes; `owner` takes
from root the right to write where the mode of a folder says no; `memory:BYTES` gives no more than so many bytes of
address space beyond what the process has; `none`.
"""

import ctypes
import resource
import signal
import sys
from pathlib import Path

from flows.cli.app import explain
from flows.demo.content import read_outlets, read_pieces
from flows.demo.newsroom import Newsroom
from flows.registry import Registry
from tests import world

_DROP, _OVERRIDE = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


def arm(fault: str) -> None:
    """Bring the fault about, for this process and those that it starts."""
    kind, _, value = fault.partition(":")
    if kind == "disk":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(value), resource.RLIM_INFINITY))
    if kind == "memory":
        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + int(value), resource.RLIM_INFINITY))


def drop_override() -> None:
    """Before the program begins: root without the right to pass over modes."""
    ctypes.CDLL(None).prctl(_DROP, _OVERRIDE, 0, 0, 0)


def main(data: str, base: str, fault: str) -> int:
    """Run the cycle, say what is wrong as the command line would, and return its exit status."""
    outlets = read_outlets()
    bases = {outlet.id: f"http://127.0.0.1:{int(base) + n}" for n, outlet in enumerate(outlets)}
    newsroom = Newsroom(edition=1, outlets=outlets, pieces=read_pieces(1), bases=bases)
    arm(fault)
    try:
        report = world.run(Path(data), Registry(sources=newsroom.sources(), feeds=newsroom.feeds()))
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        print(told)
        return 1
    print("; ".join([report.loaded.why] if report.loaded.why else []))
    return report.exit_status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
