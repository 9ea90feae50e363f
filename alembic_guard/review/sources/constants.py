"""Values of the standard library that are made of constants, such as ``uuid.UUID("...")``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .values import Ref

_PLAIN = (str, int, float, bool, type(None))


def constant_text(path: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """The text of the value a constructor gives, None when it is none of these or not constant."""
    make = _MAKERS.get(path)
    if make is None:
        return None
    values, named = [*args], dict(kwargs)
    if _is_utc(named.get("tzinfo")):
        named["tzinfo"] = _utc()
    if not all(isinstance(value, _PLAIN) for value in values):
        return None
    try:
        return str(make(*(_bare(v) for v in values), **named))
    except Exception:
        return None


def _bare(value: Any) -> Any:
    return str.__str__(value) if isinstance(value, str) else value


def _is_utc(value: Any) -> bool:
    return isinstance(value, Ref) and value.last in ("utc", "UTC")


def _utc() -> Any:
    from datetime import timezone

    return timezone.utc


def _uuid(*args: Any, **kwargs: Any) -> Any:
    from uuid import UUID

    return UUID(*args, **kwargs)


def _decimal(*args: Any, **kwargs: Any) -> Any:
    from decimal import Decimal

    return Decimal(*args, **kwargs)


def _moment(name: str) -> Callable[..., Any]:
    def make(*args: Any, **kwargs: Any) -> Any:
        import datetime

        return getattr(datetime, name)(*args, **kwargs)

    return make


_MAKERS: Mapping[str, Callable[..., Any]] = {
    "uuid.UUID": _uuid,
    "decimal.Decimal": _decimal,
    "datetime.datetime": _moment("datetime"),
    "datetime.date": _moment("date"),
    "datetime.time": _moment("time"),
    "datetime.timedelta": _moment("timedelta"),
}
