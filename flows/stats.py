"""`tripolar stats`: what corpus, archive and disk count, for people and for Prometheus (text format 0.0.4)."""

import shutil
from collections.abc import Iterable, Iterator

from flows.config import Settings
from storage import archive, counters, loading, warehouse
from storage.counters import Sample

PREFIX = "tripolar_"


def gather(settings: Settings) -> Iterator[Sample]:
    """Yield all numbers; those of the corpus are left out while somebody holds it, which is a number, too."""
    segments = archive.segments(settings.archive)
    size = float(sum(path.stat().st_size for path in segments))
    yield _gauge("archive_segments", len(segments), "finished segments")
    yield _gauge("archive_bytes", size, "bytes of finished segments")
    folder = next(path for path in (settings.data, *settings.data.resolve().parents) if path.exists())
    yield _gauge("disk_free_bytes", shutil.disk_usage(folder).free, "free where the data is")
    found: list[Sample] = []
    held = False
    if settings.corpus.exists():
        try:
            with warehouse.connect(settings.corpus, read_only=True, wait=settings.lock_wait) as connection:
                known = loading.loaded(connection)
                found = list(counters.samples(connection))
        except warehouse.LockedError:
            held = True
        else:
            waiting = sum(path.name not in known for path in segments)
            yield _gauge("segments_waiting", waiting, "segments that are not loaded yet")
    yield _gauge("corpus_held", held, "1 while somebody holds the corpus, so that its numbers are not known")
    yield from found


def prometheus(samples: Iterable[Sample]) -> str:
    """Return samples in Prometheus's text format: a HELP and a TYPE line before the first of each name."""
    lines, last = [], ""
    for sample in samples:
        name = PREFIX + sample.name
        if name != last:
            lines += [f"# HELP {name} {sample.help}", f"# TYPE {name} {sample.kind}"]
            last = name
        labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in sample.labels)
        lines.append(f"{name}{{{labels}}} {sample.value:.17g}" if labels else f"{name} {sample.value:.17g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _gauge(name: str, value: float, told: str) -> Sample:
    return Sample(name=name, value=float(value), kind="gauge", help=told)
