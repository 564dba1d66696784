"""The compiled taxonomy, kept on disk so that a command starts at once.

Compiling is in `extractors.taxonomy`; this is only the file. It is made anew when rules, code or Python change.
"""

import pickle
import tempfile
from pathlib import Path

from extractors import taxonomy
from extractors.taxonomy import Taxonomy


def load(folder: Path) -> Taxonomy:
    """Return the taxonomy from `folder`, or compile it and leave it there. One that cannot be written costs time."""
    path = folder / f"taxonomy-{taxonomy.fingerprint()}.pickle"
    try:
        kept = pickle.loads(path.read_bytes())  # noqa: S301 - a file of our own, in the data folder
        if isinstance(kept, Taxonomy):
            return kept
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, TypeError, ValueError):
        pass  # missing, cut short or of another version: compiled again below
    compiled = taxonomy.load()
    _keep(path, compiled)
    return compiled


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
