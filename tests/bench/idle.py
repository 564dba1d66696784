"""What a run costs that finds nothing new: `python -m tests.bench.idle [--feeds 100]`.

With Prefect's server already up, `tripolar run` asks a hundred feeds that all answer 304. Timed from starting the command
until it has ended. Ours is the same cycle without Prefect in a process of its own, its imports and the interpreter's start
included; the difference is Prefect's.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from tests import world
from tests.bench import polling

ALL, OURS = 6.0, 2.0  # seconds
API_PORT = 24200
_ALONE = """
import sys
from pathlib import Path
from flows import config, cycle, registry
settings = config.load(Path(sys.argv[1]))
raise SystemExit(cycle.run(settings, registry.load(settings.feeds), all_due=True).exit_status)
"""


@contextmanager
def prefect(home: Path) -> Iterator[dict[str, str]]:
    """Run a Prefect server, and give the environment that leads to it."""
    api = f"http://127.0.0.1:{API_PORT}/api"
    quiet = {"PREFECT_HOME": str(home), "PREFECT_LOGGING_LEVEL": "WARNING", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    environment = os.environ | quiet | {"DO_NOT_TRACK": "1"}
    home.mkdir()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(API_PORT)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            time.sleep(0.2)
            if server.poll() is not None:
                raise RuntimeError("the Prefect server has ended")
            try:
                if httpx.get(f"{api}/health", timeout=2).is_success:
                    break
            except httpx.HTTPError:
                continue
        yield environment | {"PREFECT_API_URL": api}
    finally:
        server.terminate()
        server.wait(30)


def prepare(folder: Path, feeds: int) -> Path:
    """Write settings and a registry, and return the path of the settings."""
    tables = (
        f'[[source]]\nid = "o-{n}"\nname = "O {n}"\ncountry = "EU"\nlanguage = "en"\ntime_zone = "Europe/Brussels"\nowner = "O"\n'
        f'state = false\nfamily = "o-{n}"\nhome = "{polling.home(n)}"\n[[source.feed]]\nurl = "{polling.home(n)}feed.xml"\n'
        for n in range(feeds)
    )
    (folder / "feeds.toml").write_text("".join(tables), encoding="utf-8")
    text = 'data = "data"\nfeeds = "feeds.toml"\nmax_pages = 0\n[fetch]\nallow = ["127.0.0.0/8"]\ndelay = 0.0\n'
    (folder / "tripolar.toml").write_text(text, encoding="utf-8")
    return folder / "tripolar.toml"


def seconds(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return how long a command takes that must succeed, by the clock and of CPU."""
    began, before = time.perf_counter(), os.times()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[:4]} ended with {done.returncode}: {done.stderr[-2000:]}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, spent


def main() -> int:
    """Measure in turns. Returns 1 when a bar is missed, 2 when the runs cannot be reported."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--feeds", type=int, default=100)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name, polling.serving(given.feeds, changing=False):
        folder = Path(name)
        config = prepare(folder, given.feeds)
        alone = [sys.executable, "-c", _ALONE, str(config)]
        whole = [str(Path(sys.executable).with_name("tripolar")), "run", "--all", "--config", str(config)]
        seconds(alone, dict(os.environ))  # learns the validators
        with prefect(folder / "prefect") as environment:
            seconds(whole, environment)
            pairs = [(seconds(whole, environment), seconds(alone, environment)) for _ in range(given.rounds)]
        runs = 2 * given.rounds + 2
        corpus = folder / "data" / "corpus.duckdb"
        counts = world.ask(corpus, "SELECT outcome, count(*) FROM poll GROUP BY ALL ORDER BY ALL")
    if counts != [("fetched", given.feeds), ("not-modified", given.feeds * (runs - 1))]:
        print(f"not reported, because the polls were {counts}")
        return 2
    (everything, ours), (all_cpu, our_cpu) = (
        [median(run[kind] for run in runs) for runs in zip(*pairs, strict=True)] for kind in (0, 1)
    )
    print(f"{given.feeds} feeds, none changed: {everything:.2f} s in all (bar: {ALL:g}), {ours:.2f} s ours ({OURS:g})")
    print(f"of CPU {all_cpu:.2f} s in all, {our_cpu:.2f} s ours")
    return int(everything > ALL or ours > OURS)


if __name__ == "__main__":
    raise SystemExit(main())
