"""JSON columns with values that `json.dumps` refuses: datetimes, UUIDs, Decimals.

::

    engine = create_engine(url, json_serializer=json_serializer)

    engine = create_engine(
        url,
        json_serializer=exact_json_serializer,
        json_deserializer=exact_json_deserializer,
    )

The first writes text that every reader of the column understands and gives text back; the
second gives the very values back and writes ``{"$datetime": "..."}`` to be able to.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .facts import Finding, Location

if TYPE_CHECKING:
    from sqlalchemy import Engine, MetaData

_WRITERS: dict[str, tuple[type[Any], Callable[[Any], Any]]] = {
    "$datetime": (datetime.datetime, datetime.datetime.isoformat),
    "$date": (datetime.date, datetime.date.isoformat),
    "$time": (datetime.time, datetime.time.isoformat),
    "$seconds": (datetime.timedelta, datetime.timedelta.total_seconds),
    "$uuid": (uuid.UUID, str),
    "$decimal": (decimal.Decimal, str),
    "$bytes": (bytes, bytes.hex),
    "$set": ((set, frozenset), lambda value: sorted(value, key=repr)),  # type: ignore[dict-item]  # isinstance takes a tuple
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "$datetime": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$seconds": lambda value: datetime.timedelta(seconds=value),
    "$uuid": uuid.UUID,
    "$decimal": decimal.Decimal,
    "$bytes": bytes.fromhex,
    "$set": set,
    "$escaped": dict,
}
_SAMPLE = {
    "datetime": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    "UUID": uuid.UUID(int=1),
    "Decimal": decimal.Decimal("1.10"),
}


def json_serializer(value: Any) -> str:
    """Write JSON in which dates are ISO 8601 text, UUIDs and Decimals text, sets lists.

    :raises TypeError: a value of a type nobody told us about.
    """
    return json.dumps(value, default=_plain, ensure_ascii=False)


def exact_json_serializer(value: Any) -> str:
    """Write JSON that `exact_json_deserializer` turns into equal values of equal types."""
    return json.dumps(_tagged(value), ensure_ascii=False)


def exact_json_deserializer(text: str | bytes) -> Any:
    """Read what `exact_json_serializer` wrote; other JSON is read as usual."""
    return json.loads(text, object_hook=_revive)


def json_findings(engine: Engine, metadata: MetaData) -> Iterator[Finding]:
    """Mapped JSON columns for which this engine's serializer fails on everyday values."""
    refused = _refused(engine)
    if not refused:
        return
    import sqlalchemy as sa

    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                yield Finding(
                    "GRD080",
                    "json-serializer",
                    "warning",
                    f"{table.name}.{column.name}: a {', '.join(refused)} in this JSON column is a "
                    "TypeError at flush, because the engine uses json.dumps as it is",
                    Location("", 1),
                    "create_engine(..., json_serializer=alembic_guard.json_types.json_serializer)",
                    objects=(table.name, column.name),
                )


def _refused(engine: Engine) -> list[str]:
    serializer = getattr(engine.dialect, "_json_serializer", None) or json.dumps
    refused = []
    for name, value in _SAMPLE.items():
        try:
            serializer({"value": value})
        except (TypeError, ValueError):
            refused.append(name)
    return refused


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    for kind, write in _WRITERS.values():
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} {value!r} is not JSON: tell the serializer what it is")


def _tagged(value: Any) -> Any:
    if isinstance(value, dict):
        tagged = {key: _tagged(item) for key, item in value.items()}
        looks_tagged = len(tagged) == 1 and next(iter(tagged)) in _READERS
        return {"$escaped": [list(pair) for pair in tagged.items()]} if looks_tagged else tagged
    if isinstance(value, (list, tuple)):
        return [_tagged(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, enum.Enum):
        return _tagged(value.value)
    for tag, (kind, write) in _WRITERS.items():
        if isinstance(value, kind):
            written = write(value)
            return {tag: [_tagged(item) for item in written] if tag == "$set" else written}
    raise TypeError(f"{type(value).__name__} {value!r} is not JSON: tell the serializer what it is")


def _revive(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        tag, content = next(iter(value.items()))
        if tag in _READERS:
            return _READERS[tag](content)
    return value
