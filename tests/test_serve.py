"""The server for readers: who may come in, what may be asked, and that loading goes on beside it."""

import os
import socket
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from flows import report as reports
from storage import served, warehouse
from storage.warehouse import WarehouseError
from tests import world
from tests.desk import Segment, at, revision

ROOT = Path(__file__).parent.parent
TOKEN = "a-token-for-tests-only"
CLIENT = """
import sys
import duckdb
from storage import served
connection = duckdb.connect()
served.load_extension(connection)
for statement in sys.argv[1:]:
    try:
        print(connection.execute(statement).fetchall())
    except duckdb.Error as error:
        print("refused:", str(error).splitlines()[0])
"""
SERVER = """
import sys
from pathlib import Path
from threading import Event, Thread
from flows import serve
from tests import world
if __name__ == "__main__":
    stop = Event()
    Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    def tell(text): print(text, flush=True)
    settings = world.settings(Path(sys.argv[1]))
    serve.run(settings, port=int(sys.argv[2]), token_file=settings.data / "token", writable=False, stop=stop,
        ready=lambda server: tell("ready"), tell=tell)
"""
needs_server = pytest.mark.skipif(
    find_spec("duckdb_extension_quack") is None, reason="the extra `serve` is not installed"
)
needs_client = pytest.mark.skipif(
    find_spec("duckdb_extension_quack") is None or find_spec("duckdb_extension_httpfs") is None,
    reason="the extra `serve` is not installed (quack, and httpfs for its clients)",
)


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(number: int) -> Segment:
    """Return a segment with one article."""
    url = f"https://gull.example/{number}"
    return Segment(f"s{number}").capture(url, at(number), revision(url, f"Words {number}"))


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1", "FROM articles", "WITH x AS (SELECT 1 AS i) SELECT * FROM x", "SHOW TABLES", "DESCRIBE articles",
     "FROM articles_about('EU-CN')", "SELECT catalog_name FROM information_schema.schemata ORDER BY ALL"],
)  # fmt: skip
def test_reading_is_let_through(tmp_path: Path, statement: str) -> None:
    """What an analyst asks, and what DuckDB's client asks on its own."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        assert connection.execute("SELECT only_reads('', ?)", [statement]).fetchone() == (True,)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM article", "WITH x AS (SELECT 1) INSERT INTO run (run_id) SELECT 'x'", "SELECT 1; DROP TABLE article",
     "COPY article TO '/tmp/x'", "ATTACH '/tmp/x'", "SET memory_limit = '1TB'", "PRAGMA database_list", "CHECKPOINT",
     "CALL quack_stop('quack:127.0.0.1:1')", "FROM quack_server_list()", "FROM read_text('/etc/passwd')",
     "FROM read_text/**/('/etc/passwd')", 'FROM "read_csv"(\'/etc/passwd\')', "FROM '/etc/passwd'", 'FROM "data.csv"',
     "SELECT (SELECT content FROM read_text('/etc/passwd'))", "FROM query('DROP TABLE article')", "FROM glob('/*')",
     "SELECT getenv('HOME')", "FROM duckdb_secrets()", "FROM parquet_scan('x')", "nonsense"],
)  # fmt: skip
def test_everything_else_is_refused(tmp_path: Path, statement: str) -> None:
    """By what DuckDB's parser makes of it, so that comments, quotes and nesting hide nothing."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        assert connection.execute("SELECT only_reads('', ?)", [statement]).fetchone() == (False,)


def test_the_token_is_for_its_owner_only(tmp_path: Path) -> None:
    """Made once with mode 0600, kept, and refused when others may read it."""
    path = tmp_path / "serve.token"
    token = served.token_in(path)
    assert len(token) >= 24
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert served.token_in(path) == token
    path.chmod(0o640)
    with pytest.raises(WarehouseError, match="chmod 600"):
        served.token_in(path)
    path.chmod(0o600)
    path.write_text("short\n")
    with pytest.raises(WarehouseError, match="no token"):
        served.token_in(path)


@needs_server
def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """With what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with (
            pytest.raises(WarehouseError, match="--port"),
            served.serve(tmp_path / "corpus.duckdb", TOKEN, port=port),
        ):
            pass


@needs_client
def test_clients_read_while_the_server_loads(tmp_path: Path) -> None:
    """Readers see each segment after its transaction; they cannot write; without the token nobody comes in."""
    path, port = tmp_path / "corpus.duckdb", free_port()
    count = "SELECT count(*) FROM corpus.articles"
    attach = f"ATTACH 'quack:127.0.0.1:{port}' AS corpus (TYPE quack, TOKEN '{TOKEN}')"

    def client(*statements: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", CLIENT, *statements], capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout.splitlines()

    with served.serve(path, TOKEN, port=port):
        with warehouse.connect(path) as connection:  # the same process may open it again, as the loader does
            page(1).load(connection)
        assert client(attach, count, "INSERT INTO corpus.run (run_id) VALUES ('x')") == [
            "[]",
            "[(1,)]",
            "refused: Invalid Input Error: Authorization failed",
        ]
        with warehouse.connect(path) as connection:
            page(2).load(connection)
        assert client(attach, count)[-1] == "[(2,)]"
        assert "refused" in client(attach.replace(TOKEN, "a-token-of-somebody-else"))[0]
    with warehouse.connect(path, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)


@needs_server
def test_a_run_beside_the_server_leaves_the_loading_to_it(tmp_path: Path) -> None:
    """It collects, says who loads, ends well, and what it collected is in the corpus soon."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    command = [sys.executable, str(script), str(tmp_path), str(free_port())]
    with (
        world.serve() as (_, registry),
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as server,
    ):  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            assert server.stdout.readline() == "ready\n"
            report = world.run(tmp_path, registry)
            loaded = 0
            while loaded < len(report.collected.segments):
                number, rest = server.stdout.readline().split(maxsplit=1)
                assert rest == "segments loaded\n"
                loaded += int(number)
        finally:
            server.stdin.close()
            server.wait(timeout=30)
    assert report.exit_status == 0
    assert report.served
    assert len(report.loaded.waiting) == len(report.collected.segments) > 0
    assert any("`tripolar serve`" in line for line in reports.lines(report))
    assert not served.announced(tmp_path / "corpus.duckdb")
    assert world.ask(tmp_path / "corpus.duckdb", "SELECT count(*) > 30 FROM articles") == [(True,)]


def test_who_announces_is_seen_until_it_ends(tmp_path: Path) -> None:
    """Also where the folder takes no lock file."""
    path = tmp_path / "corpus.duckdb"
    assert not served.announced(path)
    with served.announcing(path):
        assert served.announced(path)
    assert not served.announced(path)
    with served.announcing(tmp_path / "missing" / "corpus.duckdb"):
        assert not served.announced(tmp_path / "missing" / "corpus.duckdb")


@needs_client
def test_the_statements_of_the_readme_bring_a_plain_client_in(tmp_path: Path) -> None:
    """With nothing of Tripolar in the client: what the shell, R and DBeaver do."""
    readme = (ROOT / "storage" / "README.md").read_text(encoding="utf-8")
    section = readme.partition("`tripolar serve`\n")[2].partition("## Ways out")[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    assert len(lines) == 4
    port, path = free_port(), tmp_path / "corpus.duckdb"
    script = "import sys, duckdb\nc = duckdb.connect()\nfor s in sys.argv[1:]:\n    print(c.execute(s).fetchall())"
    given = [line.replace("the token", TOKEN).replace("9494", str(port)) for line in lines]
    with served.serve(path, TOKEN, port=port):
        with warehouse.connect(path) as connection:
            page(1).load(connection)
        done = subprocess.run(
            [sys.executable, "-c", script, *given], capture_output=True, text=True, timeout=60, check=True
        )
    assert done.stdout.splitlines() == ["[]", "[]", "[('A title',)]", "[]"]
