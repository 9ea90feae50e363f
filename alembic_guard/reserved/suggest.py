"""What to call it instead: names that fit the table and are not reserved themselves.

The grammar comes from public histories: of sixteen columns called ``metadata`` that were
renamed, nine became ``<entity>_metadata``, the rest ``meta``, ``meta_data`` or
``extra_data``.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from .names import ALL_FRAMEWORKS, Vocabulary, attribute_hazards, hazards

_GENERIC = {
    "metadata": ("meta_data", "extra_data", "meta"),
    "registry": ("registry_name",),
    "user": ("user_name", "username"),
    "query": ("query_text",),
    "json": ("json_data",),
    "copy": ("copy_text",),
    "schema": ("schema_name",),
    "order": ("position", "sort_order"),
    "type": ("kind",),
    "values": ("value_list",),
    "items": ("item_list",),
    "keys": ("key_list",),
}
_IRREGULAR = {"people": "person", "children": "child", "data": "data", "news": "news"}
_FREE_FORMS = {
    "metadata": (
        "meta", "meta_data", "metadata_", "_metadata", "extra", "extra_data", "extra_metadata",
    ),
}  # fmt: skip


def suggest_names(
    old: str,
    table: str | None = None,
    taken: Collection[str] = (),
    *,
    vocabulary: Vocabulary = ALL_FRAMEWORKS,
    max_length: int = 63,
    limit: int = 3,
) -> tuple[str, ...]:
    """Names for `old` in `table`, best first; never reserved, taken or longer than `max_length`.

    :param taken: names the table (or class) already uses, compared without case.
    :param max_length: in bytes, as databases count identifiers.
    """
    used = {name.lower() for name in taken} | {old.lower()}
    found: list[str] = []
    for name in _candidates(old.strip("_") or "value", table):
        if name.lower() in used or len(name.encode()) > max_length or name in found:
            continue
        if hazards(name, vocabulary=vocabulary) or attribute_hazards(name, vocabulary=vocabulary):
            continue
        found.append(name)
    return tuple(found[:limit])


def suggest_table_name(old: str, *, vocabulary: Vocabulary = ALL_FRAMEWORKS) -> str | None:
    """A name for a table called `old`: its plural, else what its rows are called with a noun."""
    base = singular(old.strip("_"))
    for name in (_plural(base), f"{base}_records", f"app_{base}"):
        if name != old.lower() and not hazards(name, place="table", vocabulary=vocabulary):
            return name
    return None


def is_derived(old: str, new: str, table: str | None = None) -> bool:
    """Whether `new` looks like what somebody would call a reserved `old`.

    True for ``metadata`` and ``session_metadata``, ``metadata_payload``, ``metadata_``,
    ``meta``, ``extra_data``; such a pair is evidence of a rename, not proof.
    """
    before, after = old.lower(), new.lower()
    if before == after:
        return False
    if after in _FREE_FORMS.get(before, ()) or after in _GENERIC.get(before, ()):
        return True
    pattern = rf"(?:.+_|_*){re.escape(before.strip('_'))}(?:_.+|_*)"
    return re.fullmatch(pattern, after) is not None


def entity_names(table: str) -> tuple[str, ...]:
    """The words a row of `table` is called by: ``chat_sessions`` is a ``session``."""
    tokens = [token for token in re.split(r"[^0-9A-Za-z]+", _snake(table)) if token]
    if not tokens:
        return ()
    last = singular(tokens[-1])
    whole = "_".join([*tokens[:-1], last])
    return tuple(dict.fromkeys((last, whole)))


def singular(word: str) -> str:
    """A good enough English singular: it names a column, it is not grammar."""
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if lower.endswith(("ss", "us", "is")) or len(lower) < 4:
        return lower
    if lower.endswith("ies"):
        return lower[:-3] + "y"
    if lower.endswith(("xes", "ches", "shes", "sses", "zes")):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") else lower


def _plural(word: str) -> str:
    """Enough for the words databases reserve."""
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o", "u"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _candidates(old: str, table: str | None) -> list[str]:
    entities = entity_names(table.rpartition(".")[2]) if table else ()
    base = old.lower()
    return [
        *(f"{entity}_{base}" for entity in entities if entity != base),
        *_GENERIC.get(base, ()),
        f"{base}_value",
        f"extra_{base}",
        f"{base}_",
    ]
