"""What the machine may do to a run: after each fault it is named, and the next run makes the corpus of an undisturbed one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows import collect, doctor, planning, rebuild, registry
from flows.collect import Collector
from flows.demo.newsroom import Newsroom
from flows.fetcher import Fetcher
from flows.registry import Registry
from flows.spreading import Runner
from flows.turns import Clock
from storage import archive, plan, verify
from tests import faulty, world

ROOT = Path(__file__).parent.parent
KILLS = int(os.environ.get("FAULT_KILLS", "4"))


@pytest.fixture(scope="module")
def served() -> object:
    """The first edition, and its registry."""
    with world.serve() as both:
        yield both


@pytest.fixture(scope="module")
def whole(served: tuple[Newsroom, Registry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of one undisturbed run."""
    data = tmp_path_factory.mktemp("whole")
    assert world.run(data, served[1]).exit_status == 0
    return data


def run(data: Path, registry: Registry, fault: str, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Do one cycle under a fault. Returns its exit status and what it said; a bug's traceback fails the test."""
    done = process(data, registry, fault, before)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def process(
    data: Path, registry: Registry, fault: str, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Do one cycle under a fault, and return its process when it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "tests.faulty", str(data), str(world.base_of(registry)), fault],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=before,
    )


def heals(data: Path, registry: Registry, whole: Path) -> None:
    """An ordinary run makes the corpus of the undisturbed one, and everything verifies."""
    assert world.run(data, registry).exit_status == 0
    assert world.differences(data / "corpus.duckdb", whole / "corpus.duckdb") == []
    assert all(verify.check(path).sound for path in archive.segments(data / "archive"))


@pytest.mark.parametrize("size", [2_000, 20_000, 60_000])
def test_a_full_disk_is_named_and_the_next_run_heals_it(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path, size: int
) -> None:
    """No file can grow beyond some bytes: the archive fails first, or the corpus does."""
    status, told = run(tmp_path, served[1], f"disk:{size}")
    assert status == 1
    assert "Free space" in told or "free disk" in told or "cannot be" in told, told
    heals(tmp_path, served[1], whole)


@pytest.mark.parametrize("megabytes", [5, 150, 1000])
def test_whatever_a_want_of_memory_stops_the_next_run_heals_it(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path, megabytes: int
) -> None:
    """Collecting, reading or writing gets no more memory, and libraries end the process or raise, each in its own way.

    Some wait for a thread that could not go on: these a deadline ends, as that of `deploy/tripolar.service` does.
    """
    with suppress(subprocess.TimeoutExpired):
        done = process(tmp_path, served[1], f"memory:{megabytes << 20}")
        assert done.returncode != 0 or megabytes == 1000, done.stdout
    heals(tmp_path, served[1], whole)


def test_a_read_only_archive_is_named_and_the_next_run_heals_it(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path
) -> None:
    """The folder may not be written."""
    folder = tmp_path / "archive"
    folder.mkdir(mode=0o555)
    status, told = run(tmp_path, served[1], "owner", faulty.drop_override)
    folder.chmod(0o755)
    assert status == 1
    assert "Make it writable" in told
    heals(tmp_path, served[1], whole)


def test_two_runs_at_once_make_one_corpus(served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path) -> None:
    """They share host turns and take turns to load; whatever waits, the next run loads."""
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: run(tmp_path, served[1], "none"), range(2)))
    assert {status for status, _ in both} <= {0, 1}
    heals(tmp_path, served[1], whole)


def test_kills_at_random_moments_heal(served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path) -> None:
    """Of a run and its workers, one kill after the other on the same data; then one run that nobody disturbs."""
    dice, kills = random.Random(20260701), 0
    for _ in range(KILLS):
        asked = len(served[0].requests)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faulty", str(tmp_path), str(world.base_of(served[1])), "none"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        goal = asked + dice.randint(1, 60)
        while process.poll() is None and len(served[0].requests) < goal:
            time.sleep(0.002)
        time.sleep(dice.random() * 1.5)  # into loading, now and then
        kills += process.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert kills > 0
    heals(tmp_path, served[1], whole)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A Prefect server of its own, and its address."""
    port = world.free_ports(1)
    api = f"http://127.0.0.1:{port}/api"
    environment = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 90
        with httpx.Client(trust_env=False) as client:
            while time.monotonic() < deadline and process.poll() is None:
                with suppress(httpx.HTTPError):
                    if client.get(f"{api}/health").is_success:
                        break
                time.sleep(0.3)
        yield process, api
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_prefect_server_that_goes_in_the_middle_costs_no_data(
    server: tuple[subprocess.Popen[bytes], str], tmp_path: Path
) -> None:
    """The run may fail, for it cannot report; what it collected is kept, and the next run makes the corpus whole."""
    data = tmp_path / "data"
    with world.serve(1, None) as (newsroom, outlets):
        (tmp_path / "feeds.toml").write_text(registry.dump(outlets), encoding="utf-8")
        config = tmp_path / "tripolar.toml"
        config.write_text(
            'data = "data"\nfeeds = "feeds.toml"\nrevisit = false\nworkers = 1\n[fetch]\nallow = ["127.0.0.1"]\ndelay = 0\n'
        )
        environment = os.environ | {"PREFECT_API_URL": server[1], "PREFECT_HOME": str(tmp_path / "prefect")}
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("tripolar")), "run", "--all", "--config", str(config)],
            env=environment | {"PREFECT_CLIENT_MAX_RETRIES": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and len(newsroom.requests) < 20:
            time.sleep(0.002)
        os.killpg(server[0].pid, signal.SIGKILL)
        try:
            process.wait(timeout=120)
        finally:
            process.kill()
        assert newsroom.requests
        assert world.run(data, outlets).exit_status == 0
        assert len(world.content(data / "corpus.duckdb")["article"]) == len(newsroom.articles())
        assert all(verify.check(path).sound for path in archive.segments(data / "archive"))


def turn_clock(patch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Set the clock of planning and fetching forward or back."""

    def fetcher(collector: Any) -> Fetcher:
        settings = collector._settings
        clock = Clock(time=lambda: time.time() + by.total_seconds())
        return Fetcher(settings.fetch, directory=settings.data / "hosts", on_robots=collector.keep, clock=clock)

    patch.setattr(collect, "_now", lambda: datetime.now(UTC) + by)
    patch.setattr(Collector, "fetcher", fetcher)


@pytest.mark.parametrize("days", [4000, -4000])
def test_a_clock_that_jumps_loses_nothing(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path, days: int
) -> None:
    """A run in the wrong decade, then one at the right time: feeds are due at once, and nothing is there twice."""
    with pytest.MonkeyPatch.context() as patch:
        turn_clock(patch, timedelta(days=days))
        assert world.run(tmp_path, served[1]).exit_status == 0
    asked = len(served[0].requests)
    heals(tmp_path, served[1], whole)
    assert len(served[0].requests) > asked


def test_feeds_polled_by_a_clock_that_was_ahead_are_due_by_the_right_one(
    served: tuple[Newsroom, Registry], tmp_path: Path
) -> None:
    """Not in ten years, but after their usual pause."""
    with pytest.MonkeyPatch.context() as patch:
        turn_clock(patch, timedelta(days=4000))
        world.run(tmp_path, served[1])
    known = plan.read(tmp_path / "plan")
    answering = [url for url, past in known.feeds.items() if past.polls and past.polls[-1].reason is None]
    later = planning.feeds(served[1], known, datetime.now(UTC) + timedelta(days=2))
    assert answering
    assert set(answering) <= {want.url for want in later}


def test_a_corpus_comes_back_from_a_copy_of_the_archive(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path
) -> None:
    """Back-up is a copy of one folder, restoring is `tripolar rebuild`; `doctor` has nothing to complain of."""
    shutil.copytree(whole / "archive", tmp_path / "archive")
    assert rebuild.rebuild(world.settings(tmp_path), Runner(workers=1)).swapped
    assert world.differences(tmp_path / "corpus.duckdb", whole / "corpus.duckdb") == []
    checks = {check.name: check for check in doctor._corpus(world.settings(tmp_path))}
    assert all(check.well for check in checks.values())


def test_doctor_names_a_segment_that_is_gone(served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path) -> None:
    """And what is needed to mend it."""
    shutil.copytree(whole, tmp_path / "copy")
    settings = replace(world.settings(tmp_path), data=tmp_path / "copy")
    archive.segments(settings.archive)[0].unlink()
    wrong = [check for check in doctor._corpus(settings) if check.well is False]
    assert [check.name for check in wrong] == ["segments"]
    assert "restore" in wrong[0].fix
