"""`tripolar serve`: the corpus for many readers, and the loading of what runs collect meanwhile, in one process.

Only one process may hold the file, so while this one serves, runs leave their segments in the archive and this one
loads them. How readers are served is in `storage.served`.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from flows.config import Settings
from flows.load import Loaded, Loader
from storage import served

EVERY = 2.0  # seconds between two looks at the archive


def run(
    settings: Settings,
    *,
    port: int,
    token_file: Path,
    writable: bool,
    stop: Event,
    ready: Callable[[served.Served], None],
    tell: Callable[[str], None],
) -> None:
    """Serve until `stop` is set. `ready` is called once readers may come, `tell` with what was loaded or could not be."""
    settings.data.mkdir(parents=True, exist_ok=True)
    token = served.token_in(token_file)
    with (
        served.serve(settings.corpus, token, port=port, writable=writable, wait=settings.lock_wait) as server,
        served.announcing(settings.corpus),
    ):
        ready(server)
        loader = Loader(settings)
        try:
            while not stop.is_set():
                _load(loader, tell)
                stop.wait(EVERY)
        finally:
            loader.close()


def _load(loader: Loader, tell: Callable[[str], None]) -> None:
    pending = loader.pending()
    if not pending:
        return
    loaded: Loaded = loader.load(pending)
    loader.remember()
    tell(
        f"{len(loaded.segments)} segments loaded"
        + (f", {len(loaded.waiting)} wait: {loaded.why}" if loaded.waiting else "")
    )
