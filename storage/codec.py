"""Frozen dataclasses to JSON and back, exactly: how nouns of the model are kept inside a segment.

Strict on the way in: an unknown name, a missing one, or a value of another type is a `ValueError` that says where. A
field that equals its default is left out, so a field added later reads back from old segments. Nothing here knows what
a noun means, and nothing here reads files.
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Decoder = Callable[[Any, str], Any]


def dump(noun: object) -> bytes:
    """Return the JSON of a dataclass in UTF-8. Times must know their zone and are written in UTC."""
    tree = _plain(noun)
    try:
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate somewhere: escapes can carry it, UTF-8 cannot
        return json.dumps(tree, separators=(",", ":")).encode()


def load(kind: type[T], text: bytes) -> T:
    """Return the dataclass of that kind that `dump` wrote. Raises `ValueError` with the place of the first mistake."""
    try:
        tree = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    whole: Any = kind
    noun: T = _decoder(whole)(tree, kind.__name__)
    return noun


def _plain(value: Any) -> Json:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        kept = ((each.name, getattr(value, each.name), default) for each, default in _defaults(type(value)))
        return {name: _plain(inner) for name, inner, default in kept if inner != default}
    raise TypeError(f"{type(value).__name__} has no place in a segment")


@cache
def _defaults(kind: type) -> tuple[tuple[Field[Any], Any], ...]:
    return tuple((each, _default(each)) for each in fields(kind))


def _default(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


@cache
def _decoder(kind: Any) -> Decoder:
    """Return the function that checks and converts JSON to `kind`. Built once a type: it is called for every record."""
    if get_origin(kind) is Literal:
        return _choice(get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return _optional(kind)
    if get_origin(kind) is tuple:
        return _sequence(get_args(kind))
    if is_dataclass(kind):
        return _noun(kind)
    if kind is datetime:
        return _parsed(datetime.fromisoformat)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _parsed(kind)
    if kind in (str, int, bool):
        return _exact(kind)
    if kind is float:
        return _number
    return _refused  # bytes and the like: kept elsewhere, and absent here


def _refused(value: Any, where: str) -> Any:
    raise ValueError(f"{where}: not kept as JSON")


def _exact(kind: type) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{where}: {kind.__name__} expected, not {type(value).__name__}")
        return value

    return decode


def _number(value: Any, where: str) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"{where}: a number expected, not {type(value).__name__}")
    return float(value)


def _parsed(parse: Callable[[str], Any]) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if type(value) is not str:
            raise ValueError(f"{where}: str expected, not {type(value).__name__}")
        try:
            return parse(value)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error

    return decode


def _choice(options: tuple[Any, ...]) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if value not in options:
            raise ValueError(f"{where}: {value!r} is none of {', '.join(map(str, options))}")
        return value

    return decode


def _optional(kind: Any) -> Decoder:
    others = [each for each in get_args(kind) if each is not NoneType]
    if len(others) != 1:
        raise TypeError(f"a union of several kinds cannot be told apart in JSON: {kind}")
    inner = _decoder(others[0])
    return lambda value, where: None if value is None else inner(value, where)


def _sequence(kinds: tuple[Any, ...]) -> Decoder:
    repeated = len(kinds) == 2 and kinds[1] is Ellipsis
    decoders = tuple(_decoder(each) for each in kinds if each is not Ellipsis)

    def decode(value: Any, where: str) -> Any:
        if type(value) is not list:
            raise ValueError(f"{where}: list expected, not {type(value).__name__}")
        if repeated:
            return tuple(decoders[0](item, where) for item in value)
        if len(value) != len(decoders):
            raise ValueError(f"{where}: {len(decoders)} values expected, not {len(value)}")
        return tuple(each(item, where) for each, item in zip(decoders, value, strict=True))

    return decode


def _noun(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    inner: dict[str, Decoder] = {}
    required = {each.name for each, default in _defaults(kind) if default is MISSING}

    def decode(value: Any, where: str) -> Any:
        if type(value) is not dict:
            raise ValueError(f"{where}: object expected, not {type(value).__name__}")
        if unknown := value.keys() - hints.keys():
            raise ValueError(f"{where}: unknown {', '.join(sorted(unknown))}; a newer Tripolar may have written it")
        if missing := required - value.keys():
            raise ValueError(f"{where}: {', '.join(sorted(missing))} missing")
        if not inner:  # filled late, because a noun may contain itself
            inner.update((name, _decoder(hint)) for name, hint in hints.items())
        return kind(**{name: inner[name](item, f"{where}.{name}") for name, item in value.items()})

    return decode
