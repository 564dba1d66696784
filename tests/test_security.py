"""What SECURITY.md says is proven: every test that it names exists."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from flows import leases
from storage import archive
from tests.harbour import page, write

ROOT = Path(__file__).parent.parent
NAMED = re.findall(r"`(test_\w+\.py)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_every_test_that_proves_a_promise_exists(file: str, name: str) -> None:
    """By file and by name."""
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE)


def test_every_promise_names_a_test() -> None:
    """No row of a table is without proof."""
    rows = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith("| promise")]
    assert len(promises) >= 20
    assert [row for row in promises if "::test_" not in row] == []


def test_files_are_named_by_the_run_alone(tmp_path: Path) -> None:
    """Whatever the address, the archive has one file in the folder of the month, and the lease of a host stays in its folder."""
    evil = "https://x/../../../../etc/passwd\0%2e%2e%2f"
    write(tmp_path / "archive", [replace(page(), want=replace(page().want, url=evil))])
    assert [path.relative_to(tmp_path).parts[:3] for path in archive.segments(tmp_path)] == [("archive", "2026", "03")]
    lease = leases.Leases(tmp_path / "hosts").acquire("../../evil\0/x")
    assert lease is not None
    lease.release()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "hosts"]
    assert [path.suffix for path in (tmp_path / "hosts").iterdir()] == [".host"]
