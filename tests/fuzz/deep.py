"""Coverage-guided fuzzing of one target by atheris, in an environment of its own: `make fuzz`.

Arguments: the target, a folder for the inputs that are found, and options of libFuzzer such as `-max_total_time=600`.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["extractors", "storage", "flows.robots", "feedparser", "protego"]):
    from tests.fuzz import targets


def main(name: str, folder: str, *options: str) -> None:
    """Fuzz until the time is up or something is found."""
    corpus = Path(folder) / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(targets.seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={corpus}-", str(corpus)], targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
