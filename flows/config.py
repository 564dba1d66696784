"""Settings: read once from a file, checked, and passed down. Nothing else reads the environment.

`tripolar.toml` in the current folder is used when it is there; every setting has a default that works without it.
"""

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from flows.manners import FetchSettings

FILE = "tripolar.toml"
LOGS = ("text", "json")


class ConfigError(Exception):
    """The settings cannot be used. The message says what, where and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. Times in seconds, sizes in bytes."""

    data: Path = Path("data")  # corpus, archive and everything else that is kept
    feeds: Path | None = None  # a registry of one's own instead of the bundled one
    workers: int = 0  # processes that read segments; 0: one a core
    interval: int = 900  # between two scheduled cycles
    max_pages: int = 2000  # asked for in one cycle, revisits included
    revisit: bool = True  # look at articles again, for edits
    segment_bytes: int = 8_000_000  # a segment is closed when it is as large: the unit of parallel loading
    segment_age: float = 60.0  # or as old
    lock_wait: float = 10.0  # for a corpus that somebody else holds
    log: str = "text"  # or json: a line an outcome on the standard error stream
    fetch: FetchSettings = field(default_factory=FetchSettings)

    @property
    def corpus(self) -> Path:
        """The DuckDB file."""
        return self.data / "corpus.duckdb"

    @property
    def archive(self) -> Path:
        """The folder of segments."""
        return self.data / "archive"

    @property
    def plan(self) -> Path:
        """The folder in which loading leaves what collecting must know."""
        return self.data / "plan"

    @property
    def cache(self) -> Path:
        """The folder of what can be made again at any time."""
        return self.data / "cache"


def load(path: Path | None = None) -> Settings:
    """Return the settings of a file, or of `tripolar.toml` where it exists, or the defaults.

    Relative paths in the file are relative to its folder. Raises `ConfigError` with file, key and remedy.
    """
    if path is None:
        named = os.environ.get("TRIPOLAR_CONFIG")
        path = Path(named) if named else Path(FILE) if Path(FILE).exists() else None
    if path is None:
        return Settings()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"no settings file at {path}: write one, or leave out --config") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    settings = _read(document, path)
    if settings.fetch.proxy and "@" in settings.fetch.proxy and path.stat().st_mode & 0o077:
        raise ConfigError(f"others may read the password of fetch.proxy in {path}: chmod 600 {path}")
    return settings


def _read(document: dict[str, Any], path: Path) -> Settings:
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in document.items():
        if key not in known:
            raise ConfigError(f"{path}: unknown setting {key!r}; known are {', '.join(sorted(known))}")
        values[key] = _fetch(value, path) if key == "fetch" else _value(key, value, getattr(Settings(), key), path)
    for key in ("data", "feeds"):
        if values.get(key) is not None:
            values[key] = path.parent / values[key]
    return Settings(**values)


def _value(key: str, value: Any, default: object, path: Path) -> Any:
    if key in ("data", "feeds"):
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{path}: {key} must be a path in quotes, not {value!r}")
        return Path(value)
    if key == "log":
        if value not in LOGS:
            raise ConfigError(f"{path}: log must be one of {', '.join(LOGS)}, not {value!r}")
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ConfigError(f"{path}: {key} must be true or false, not {value!r}")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ConfigError(f"{path}: {key} must be a number from 0, not {value!r}")
    if isinstance(default, int) and not isinstance(value, int):
        raise ConfigError(f"{path}: {key} must be a whole number, not {value!r}")
    return type(default)(value)  # type: ignore[call-arg]


def _fetch(table: Any, path: Path) -> FetchSettings:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: fetch must be a table: [fetch]")
    defaults = FetchSettings()
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key == "allow":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ConfigError(f"{path}: fetch.allow must be a list of hosts or networks in quotes")
            changes[key] = tuple(value)
        elif key in ("user_agent", "proxy"):
            if not isinstance(value, str) or not value.strip():
                raise ConfigError(f"{path}: fetch.{key} must be a text in quotes, not {value!r}")
            changes[key] = value
        elif key in {f.name for f in fields(FetchSettings)} - {"verify", "run_time"}:
            changes[key] = _value(f"fetch.{key}", value, getattr(defaults, key), path)
        else:
            names = sorted({f.name for f in fields(FetchSettings)} - {"verify", "run_time"})
            raise ConfigError(f"{path}: unknown setting fetch.{key}; known are {', '.join(names)}")
    return replace(defaults, **changes)
