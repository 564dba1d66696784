"""The compiled taxonomy, kept on disk so that a command starts at once.

Compiling is in `extractors.taxonomy`; this is only the file. It is made anew when rules, code or Python change.
"""

import gc
import pickle
import tempfile
from pathlib import Path

from extractors import taxonomy
from extractors.taxonomy import Taxonomy


def load(folder: Path) -> Taxonomy:
    """Return the taxonomy from `folder`, or compile it and leave it there. One that cannot be written costs time."""
    path = folder / f"taxonomy-{taxonomy.fingerprint()}.pickle"
    try:
        kept = _read(path)
        if isinstance(kept, Taxonomy):
            return kept
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, TypeError, ValueError):
        pass  # missing, cut short or of another version: compiled again below
    compiled = taxonomy.load()
    _keep(path, compiled)
    return compiled


def _read(path: Path) -> object:
    """Return what is in a file of our own. Looking for garbage among so many new tuples would take longer than reading them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(path.read_bytes())  # noqa: S301 - a file of our own, in the data folder
    finally:
        if collecting:
            gc.enable()


def _keep(path: Path, compiled: Taxonomy) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(compiled, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        for old in path.parent.glob("taxonomy-*.pickle"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return  # read-only or full: compiled again next time
