"""Environments of their own for what we compare ourselves with, made from the package index under the user's cache folder.

What is installed there and what is asked of it belongs to who compares.
"""

import os
import subprocess
import sys
from pathlib import Path


def python_of(name: str, *packages: str) -> Path:
    """Return the interpreter of an environment, which is made when it is not there yet. `packages` is what pip is told.

    Raises `CalledProcessError` when the packages cannot be had; the next call tries again.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tripolar" / "peers" / name
    python, ready = home / "bin" / "python", home / ".installed"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", *packages], check=True)
        ready.touch()
    return python
