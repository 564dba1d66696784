"""The corpus file: what opens, what is refused, and with which words."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from storage import warehouse

ROOT = Path(__file__).parent.parent


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A new corpus."""
    path = tmp_path / "corpus.duckdb"
    with warehouse.connect(path):
        pass
    return path


def test_a_new_corpus_has_every_table_and_view(corpus: Path) -> None:
    """Opening for writing migrates; opening again applies nothing."""
    with warehouse.connect(corpus) as connection:
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert {"source", "article", "revision", "tag", "relation", "statement", "story"} <= tables
        assert warehouse.migrate(connection, corpus) == []
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_every_view_answers_on_an_empty_corpus(corpus: Path) -> None:
    """A view that does not bind would only be found by an analyst."""
    with warehouse.connect(corpus, read_only=True) as connection:
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert len(views) > 8
        for (view,) in views:
            assert connection.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,), view


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """One line that says what and where."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, this is no database at all. " * 200)
    with pytest.raises(warehouse.WarehouseError, match=r"letter\.txt is not a DuckDB file"), warehouse.connect(path):
        pass


def test_a_database_of_somebody_else_is_refused_for_reading(tmp_path: Path) -> None:
    """A DuckDB file without our schema is no corpus."""
    path = tmp_path / "other.duckdb"
    duckdb.connect(path).execute("CREATE TABLE t (i INTEGER)").close()
    with (
        pytest.raises(warehouse.WarehouseError, match="no Tripolar corpus"),
        warehouse.connect(path, read_only=True),
    ):
        pass


def test_a_corpus_of_a_later_version_is_refused(corpus: Path) -> None:
    """An unknown migration means that a later Tripolar wrote it: nothing is touched."""
    with warehouse.connect(corpus) as connection:
        connection.execute("INSERT INTO schema_migration (name) VALUES ('9999_future')")
    for read_only in (True, False):
        with (
            pytest.raises(warehouse.NewerError, match="later schema"),
            warehouse.connect(corpus, read_only=read_only),
        ):
            pass


def test_a_missing_corpus_is_not_made_by_reading(tmp_path: Path) -> None:
    """Reading says what to do and leaves no file behind."""
    path = tmp_path / "none.duckdb"
    with pytest.raises(warehouse.WarehouseError, match="tripolar run"), warehouse.connect(path, read_only=True):
        pass
    assert not path.exists()


def test_a_held_corpus_is_waited_for_and_then_named(corpus: Path) -> None:
    """Another process that holds the file gives LockedError, and a free file opens again."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb, sys; c = duckdb.connect({str(corpus)!r}); print('held', flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(warehouse.LockedError, match="open in another process"), warehouse.connect(corpus, wait=0.2):
        pass
    holder.stdin.close()
    holder.wait()
    holder.stdout.close()
    with warehouse.connect(corpus, wait=5):
        pass


def test_opening_again_in_one_process_keeps_others_out(corpus: Path) -> None:
    """A server loads while it serves: opening the corpus a second time must not let go of the lock of the first."""
    outsider = "import duckdb, sys; duckdb.connect(sys.argv[1])"
    with warehouse.connect(corpus):
        with warehouse.connect(corpus):
            pass
        done = subprocess.run([sys.executable, "-c", outsider, str(corpus)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "lock on file" in done.stderr


def test_a_corpus_that_is_served_is_said_to_be(corpus: Path) -> None:
    """Who finds it locked learns by whom, and that it can be asked there."""
    server = (
        "import sys, duckdb; from pathlib import Path; from storage import served; path = Path(sys.argv[1])\n"
        "with served.announcing(path), duckdb.connect(path): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", server, str(corpus)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(warehouse.LockedError, match="held by `tripolar serve`"),
            warehouse.connect(corpus, read_only=True, wait=0),
        ):
            pass
        assert holder.stdin is not None
        holder.stdin.close()


def test_a_transaction_that_fails_leaves_nothing(corpus: Path) -> None:
    """All or nothing, also for a surprise in the middle."""

    def fail(connection: warehouse.Connection) -> None:
        with warehouse.transaction(connection):
            connection.execute("INSERT INTO run (run_id) VALUES ('x')")
            raise RuntimeError

    with warehouse.connect(corpus) as connection:
        with pytest.raises(RuntimeError):
            fail(connection)
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (0,)
