"""A job that is asked to pause, or interrupted, stops soon whatever it waits for, and goes on later."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from flows.past import running
from flows.registry import Registry
from storage import jobs
from storage.jobs import Job
from tests import world as worlds
from tests.past import serving
from tests.past.writing import story

NOBODY = Registry(sources=(), feeds=())


def until(what: Callable[[], bool], seconds: float = 120) -> bool:
    """Wait for something, and tell whether it came."""
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.01)
    return what()


def test_a_pause_is_heeded_while_a_host_rests(tmp_path: Path) -> None:
    """A host asks for an hour; the job stops meanwhile, and has every page when it goes on."""
    with serving.serve(6) as world:
        job = Job(kind="urls", where=(str(tmp_path / "list.txt"),))
        (tmp_path / "list.txt").write_text("\n".join(world.base + each.path for each in world.stories))
        folder = running.root(worlds.settings(tmp_path)) / jobs.identity(job)
        world.limited.add(story(3).path)
        world.rest = 3600
        with ThreadPoolExecutor(1) as pool:
            begun = pool.submit(running.run, worlds.settings(tmp_path), NOBODY, job)
            assert until(lambda: story(3).path not in world.limited)
            jobs.pause(folder)
            begun.result(timeout=60)
        told = jobs.progress(folder)
        assert told is not None
        assert told.phase == "paused"
        for marks in (tmp_path / "hosts").iterdir():
            marks.unlink()  # the hour is over
        world.rest = 0
        running.run(worlds.settings(tmp_path), NOBODY, job, pause=timedelta(0))
    titles = {title for (title,) in worlds.ask(tmp_path / "corpus.duckdb", "SELECT title FROM articles")}
    assert titles == {story(number).title for number in range(6)}


def test_ctrl_c_ends_a_backfill_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """Soon, in one line, with status 130; no page is asked for twice but those in flight; no process is left."""
    (tmp_path / "tripolar.toml").write_text('data = "data"\nworkers = 1\n[fetch]\nallow = ["127.0.0.1"]\ndelay = 0.0\n')
    with serving.serve(60, slow=0.2) as world:
        command = [str(Path(sys.executable).parent / "tripolar"), "backfill", "--sitemap", world.base]
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        told: list[str] = []
        assert process.stderr is not None
        reader = threading.Thread(target=lambda: told.extend(process.stderr))  # type: ignore[arg-type]
        reader.start()
        assert until(lambda: len(world.count("/world")) >= 5, 240)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        status = process.wait(timeout=120)
        reader.join()
        process.stderr.close()
        asked = len(world.count("/world"))
        assert status == 130, "".join(told)
        assert "Traceback" not in "".join(told)
        assert sum(line.startswith("interrupted: what came is kept") for line in told) == 1
        assert asked < 60
        world.slow = 0.0
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
        counts = world.count("/world")
    assert len(counts) == 60
    assert sum(counts.values()) <= 61
    assert worlds.ask(tmp_path / "data" / "corpus.duckdb", "SELECT count(*) FROM articles") == [(60,)]
    assert until(lambda: not members(process.pid), 20), members(process.pid)


def members(group: int) -> list[str]:
    """Return the processes of a group that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text(encoding="utf-8").rpartition(")")
        except OSError:
            continue
        state, _, its_group = rest.split()[:3]
        if int(its_group) == group and state != "Z":
            found.append(stat.parent.name)
    return found
