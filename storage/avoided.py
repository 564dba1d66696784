"""Records that are not read because reading them ended a process, named in a small file beside their segment.

Whoever reads the segment later, in a rebuild or on another machine, passes over the same records, and so makes the same
corpus. Deleting the file has them tried again. Which records these are is found out in `flows.survival`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from storage.disk import explained

SUFFIX = ".avoided"  # after the name of the segment


def read(segment: Path) -> dict[int, str]:
    """Return the offsets of the records to pass over, with the reason for each; empty for nearly every segment.

    A file that is damaged is taken for none.
    """
    try:
        found = json.loads(_beside(segment).read_text(encoding="utf-8"))
        return {int(offset): str(why) for offset, why in found.items()}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def write(segment: Path, avoided: Mapping[int, str]) -> None:
    """Leave the offsets beside the segment, or no file where there are none.

    Raises `ArchiveError` where the archive cannot be written.
    """
    path = _beside(segment)
    part = path.with_name(path.name + ".part")
    with explained("what must not be read cannot be noted", path):
        if not avoided:
            path.unlink(missing_ok=True)
            return
        part.write_text(json.dumps({str(offset): avoided[offset] for offset in sorted(avoided)}), encoding="utf-8")
        part.replace(path)


def _beside(segment: Path) -> Path:
    return segment.with_name(segment.name + SUFFIX)
