"""No pinned dependency has a known hole, where the database of known holes can be reached."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_UNREACHABLE = (
    "ConnectionError",
    "Max retries",
    "Name or service",
    "timed out",
    "ServiceError",
    "HTTPError",
    "Could not connect",
    "403",
    "404",
)


def tool(folder: Path) -> str | None:
    """Return the auditor: that of `make audit`, one on the path, or in CI one in an environment of its own."""
    own = ROOT / ".venv-audit" / "bin" / "pip-audit"
    if own.exists() or not os.environ.get("CI"):
        return str(own) if own.exists() else shutil.which("pip-audit")
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False, timeout=120)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", "pip-audit"]
    installed = made.returncode == 0 and subprocess.run(install, check=False, timeout=300).returncode == 0
    return str(folder / "bin" / "pip-audit") if installed else None


def audit(auditor: str) -> None:
    """Fail when the auditor finds something in the lock, skip when it cannot look."""
    command = [
        auditor,
        "--requirement",
        str(ROOT / "requirements.lock"),
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner=off",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    except subprocess.TimeoutExpired:
        pytest.skip("the database of known holes did not answer in time")
    if done.returncode and any(word in done.stderr for word in _UNREACHABLE):
        pytest.skip(f"the database of known holes cannot be reached: {done.stderr.strip().splitlines()[-1][:200]}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_pinned_dependency_has_a_known_hole(tmp_path: Path) -> None:
    """By `pip-audit` over the lock, which has every package with its hash."""
    auditor = tool(tmp_path / "audit")
    if auditor is None:
        pytest.skip("pip-audit is not installed: `make audit` does it")
    audit(auditor)


def pretend(folder: Path, said: str, status: int) -> str:
    """Return an auditor that says something."""
    script = folder / "pip-audit"
    script.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {status}\n")
    script.chmod(0o755)
    return str(script)


def test_without_a_network_the_audit_is_skipped_and_says_why(tmp_path: Path) -> None:
    """It neither passes nor fails."""
    with pytest.raises(pytest.skip.Exception, match=r"cannot be reached: .*Max retries"):
        audit(pretend(tmp_path, "urllib3: Max retries exceeded", 1))


def test_a_known_hole_is_a_failure(tmp_path: Path) -> None:
    """And told."""
    with pytest.raises(AssertionError, match="known vulnerabilit"):
        audit(pretend(tmp_path, "Found 1 known vulnerability in 1 package", 1))
    audit(pretend(tmp_path, "No known vulnerabilities found", 0))
