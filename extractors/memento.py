"""Addresses and headers of web archives that answer as the Wayback Machine does (RFC 7089, Memento).

Asking an archive does not belong here, nor does its index (`cdx`).
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from extractors.model import Exchange

_ADDRESS = re.compile(r"https?://[^/]+/(?:.*/)?(\d{14})(?:[a-z]{2}_)?/(https?:/{1,2}.+)", re.IGNORECASE)


def address(base: str, timestamp: str, url: str) -> str:
    """Return where an archive gives the bytes of a capture as they were: `base/<timestamp>id_/<url>`."""
    return f"{base.rstrip('/')}/{timestamp}id_/{url}"


def original(url: str) -> str:
    """Return the page's own address in an archive's address of it, or an empty string when it is no such address."""
    found = _ADDRESS.fullmatch(url)
    return re.sub(r"^(https?):/{1,2}", r"\1://", found[2], flags=re.IGNORECASE) if found else ""


def at(exchange: Exchange) -> datetime | None:
    """Return when the archive took the bytes: by its `Memento-Datetime`, else by its address. UTC."""
    said = exchange.header("memento-datetime")
    if said:
        try:
            return parsedate_to_datetime(said).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # damaged: the address says it, too
    found = _ADDRESS.fullmatch(exchange.url)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:  # fourteen digits that are no time
        return None
