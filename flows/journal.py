"""The log for machines: one line of JSON an outcome, and one a run, on the standard error stream. No secrets in it."""

import json
import sys
from datetime import datetime
from typing import TextIO

from extractors import urls
from extractors.model import Failed, Outcome


def tell(outcome: Outcome, file: TextIO | None = None) -> None:
    """Write the line of an outcome."""
    _write(line(outcome), file)


def tell_run(run_id: str, at: datetime, counts: dict[str, int], file: TextIO | None = None) -> None:
    """Write the line of a run that has ended."""
    _write({"event": "run", "at": at.isoformat(), "run": run_id, **counts}, file)


def line(outcome: Outcome) -> dict[str, object]:
    """Return what is said of an outcome; what there is not is left out."""
    want, exchange = outcome.want, outcome.exchange
    failed = outcome if isinstance(outcome, Failed) else None
    told: dict[str, object] = {
        "event": "outcome",
        "at": outcome.at.isoformat(),
        "purpose": want.purpose,
        "url": urls.redact(want.url),
        "source": want.source_id,
        "why": want.reason,
        "attempt": want.attempt,
        "outcome": type(outcome).__name__.lower(),
        "reason": failed.reason if failed else None,
        "detail": urls.redact(failed.detail) if failed else None,
        "status": exchange.status if exchange else None,
        "bytes": len(exchange.body) if exchange else None,
        "ms": exchange.elapsed_ms if exchange else None,
        "ip": exchange.ip if exchange else None,
        "hops": len(outcome.hops) or None,
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def _write(told: dict[str, object], file: TextIO | None) -> None:
    out = file or sys.stderr
    out.write(json.dumps(told, ensure_ascii=True) + "\n")  # ASCII: no character of a stranger reaches a terminal raw
    out.flush()
