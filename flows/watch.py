"""Saved queries at their time: feeds written, new rows sent, and what was sent remembered.

A row is remembered after it was delivered, never before, so each is delivered at least once; after a crash in between
it comes twice. What a saved query is and how a feed looks is in `storage.saved`.
"""

import json
import os
import smtplib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from storage import saved as saving
from storage.query import QueryError
from storage.saved import Row, Saved, Target

REMEMBERED = 20_000  # deliveries of a target, the newest
SHOWN = 50  # rows in a message
TIMEOUT = 15.0  # seconds for a webhook or a mail server


@dataclass(slots=True, kw_only=True)
class Watched:
    """What a look at the saved queries did."""

    asked: int = 0
    delivered: int = 0  # rows, counted once a target
    problems: list[str] = field(default_factory=list)


def watch(corpus: Path, folder: Path, out: Path, state: Path, now: datetime, *, every: bool = False) -> Watched:
    """Ask the queries of `folder` that are due (all with `every`), write their feeds to `out` and send their new rows.

    `state` is the folder in which deliveries are remembered. Problems are collected, so that one query does not keep
    another from its time.
    """
    done = Watched()
    for path in sorted(folder.glob("*.sql")):
        try:
            saved = saving.read(path)
            memory = _Memory(state / f"{saved.name}.json")
            if every or memory.due(saved, now):
                _one(corpus, saved, out, folder, memory, now, done)
        except QueryError as error:
            done.problems.append(f"{path.name}: {error}")
    return done


def _one(corpus: Path, saved: Saved, out: Path, folder: Path, memory: "_Memory", now: datetime, done: Watched) -> None:
    found = saving.rows(corpus, saved)
    done.asked += 1
    for form in saved.feeds:
        document = (saving.atom if form == "atom" else saving.json_feed)(saved, found, now)
        out.mkdir(parents=True, exist_ok=True)
        _replace(out / f"{saved.name}.{form}", document, 0o644)
    for target in saved.alerts:
        new = memory.unknown(target, found)
        if not new:
            continue
        try:
            _deliver(target, saved, new, folder)
        except (OSError, httpx.HTTPError, smtplib.SMTPException) as error:
            done.problems.append(
                f"{saved.name}: {target.kind} {_host(target)} did not take {len(new)} rows, again next time: {_why(error)}"
            )
        else:
            memory.remember(target, new)
            done.delivered += len(new)
    memory.asked(now)


def _host(target: Target) -> str:
    """Return as much of an address as may be shown: webhooks carry their secret in the path."""
    return httpx.URL(target.address).host if target.kind == "webhook" else target.address


def _why(error: Exception) -> str:
    """Return what went wrong without the address, which errors of httpx repeat."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"status {error.response.status_code}"
    return type(error).__name__ if isinstance(error, httpx.HTTPError) else str(error)


def _deliver(target: Target, saved: Saved, new: Sequence[Row], folder: Path) -> None:
    match target.kind:
        case "file":
            with (folder / target.address).open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(told, ensure_ascii=False) + "\n" for told in _told(saved, new))
                file.flush()
                os.fsync(file.fileno())
        case "webhook":
            _private(folder / f"{saved.name}.sql", "address of the webhook, which carries its secret,")
            answer = httpx.post(
                target.address,
                json={
                    "query": saved.name,
                    "title": saved.title,
                    "rows": list(_told(saved, new[:SHOWN])),
                    "total": len(new),
                },
                timeout=TIMEOUT,
                trust_env=False,
            )
            answer.raise_for_status()
        case "mail":
            _mail(target, saved, new, folder / "mail.toml")


def _private(path: Path, what: str) -> None:
    """Raise `PermissionError` when others may read the file that a secret stands in."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"others may read the {what} in {path}: chmod 600 {path}")


def _told(saved: Saved, new: Iterable[Row]) -> Iterable[dict[str, str]]:
    for row in new:
        yield {
            "id": row.id,
            "query": saved.name,
            "title": saving.line(row),
            "url": saving.link(row),
            "summary": saving.summary(row),
        }


def _mail(target: Target, saved: Saved, new: Sequence[Row], settings: Path) -> None:
    """Send one message. `mail.toml` beside the queries has host, port, sender, and user and password where they are needed."""
    try:
        given: dict[str, Any] = tomllib.loads(settings.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OSError(f"{settings} is not there: it says through which host to send (host, port, sender)") from None
    except tomllib.TOMLDecodeError as error:
        raise OSError(f"{settings} is not valid TOML: {error}") from error
    if given.get("password"):
        _private(settings, "password")
    message = EmailMessage()
    message["From"] = given.get("sender", "tripolar@localhost")
    message["To"] = target.address
    message["Subject"] = " ".join(f"{saved.title}: {len(new)} new".split())
    lines = [f"{saving.line(row)}\n{saving.link(row)}\n{saving.summary(row)}\n" for row in new[:SHOWN]]
    message.set_content("\n".join(lines) + (f"\n… and {len(new) - SHOWN} more\n" if len(new) > SHOWN else ""))
    with smtplib.SMTP(given.get("host", "localhost"), int(given.get("port", 25)), timeout=TIMEOUT) as server:
        if given.get("user"):
            server.starttls()
            server.login(given["user"], given.get("password", ""))
        server.send_message(message)


class _Memory:
    """What was asked and delivered for one query, in a file that is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (
            OSError,
            ValueError,
            RecursionError,
        ):  # none yet, or damaged: delivering again is better than not at all
            known = {}
        self._known: dict[str, Any] = known if isinstance(known, dict) else {}

    def due(self, saved: Saved, now: datetime) -> bool:
        last = self._known.get("asked_at")
        return last is None or datetime.fromisoformat(last) > now or now - datetime.fromisoformat(last) >= saved.pause

    def unknown(self, target: Target, found: Sequence[Row]) -> list[Row]:
        delivered = set(self._delivered(target))
        return [row for row in {row.id: row for row in found}.values() if row.id not in delivered]

    def remember(self, target: Target, new: Sequence[Row]) -> None:
        kept = [*self._delivered(target), *(row.id for row in new)][-REMEMBERED:]
        self._known.setdefault("delivered", {})[f"{target.kind} {target.address}"] = kept
        self._save()

    def asked(self, now: datetime) -> None:
        self._known["asked_at"] = now.isoformat()
        self._save()

    def _delivered(self, target: Target) -> list[str]:
        found = self._known.get("delivered", {}).get(f"{target.kind} {target.address}", [])
        return found if isinstance(found, list) else []

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        _replace(self._path, json.dumps(self._known), 0o600)


def _replace(path: Path, text: str, mode: int) -> None:
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
