"""Which default expressions PostgreSQL must compute row by row.

Volatile built-ins are those with ``provolatile = 'v'`` in pg_proc of PostgreSQL 15, with the
ones later versions and common extensions add. A function nobody knows is volatile, because
that is what CREATE FUNCTION makes of it unless told otherwise.
"""

from __future__ import annotations

import os
import re
from functools import cache

_VOLATILE = """
    clock_timestamp currval gen_random_bytes gen_random_uuid gen_salt lastval nextval random
    random_normal setval timeofday txid_current pg_current_xact_id uuid_generate_v1
    uuid_generate_v1mc uuid_generate_v4 uuid_v7 uuidv4 uuidv7
    uuid_generate_v7 gen_ulid generate_ulid ulid newid
"""
_STABLE = """
    now current_timestamp current_date current_time localtime localtimestamp statement_timestamp
    transaction_timestamp current_user session_user user current_role current_schema
    current_database current_setting concat concat_ws lower upper initcap trim ltrim rtrim
    lpad rpad left right length char_length replace repeat reverse format md5 encode decode
    sha256 digest translate substr substring split_part to_char to_date to_timestamp to_number
    to_json to_jsonb json_build_object jsonb_build_object json_build_array jsonb_build_array
    array_fill array coalesce nullif greatest least abs ceil ceiling floor round trunc mod power
    sqrt sign date_trunc date_part extract age make_date make_interval make_time make_timestamp
    make_timestamptz justify_days justify_hours justify_interval interval date time timestamp
    timestamptz timezone cast to_tsvector to_tsquery point box hstore int4range int8range
    numrange tsrange tstzrange daterange inet_client_addr version row numeric integer varchar
    decimal char bit double text bigint smallint boolean date_bin json_object jsonb_object
    quote_ident quote_literal uuid_nil uuid_ns_dns uuid_ns_url uuid_ns_oid uuid_ns_x500
    uuid_generate_v3 uuid_generate_v5
"""
VOLATILE = frozenset(_VOLATILE.split())
STABLE = frozenset(_STABLE.split())
_STRING = re.compile(r"'(?:[^']|'')*'")
_CALL = re.compile(r'(::\s*)?"?([A-Za-z_][\w.]*)"?\s*\(')
_WORDS = re.compile(r"\b(?:IN|AND|OR|NOT|AS|VALUES|OVER|ANY|ALL)\b\s*\(", re.IGNORECASE)


@cache
def _catalogue() -> frozenset[str]:
    """PostgreSQL's own functions that are not volatile, read when a rarer one turns up."""
    path = os.path.join(os.path.dirname(__file__), "pg_functions.txt")
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    return frozenset(" ".join(lines).split())


def volatile_call(expression: str) -> str | None:
    """The first function in a default that PostgreSQL calls for each row, None when there is none."""
    text = _WORDS.sub("(", _STRING.sub("''", expression))
    for match in _CALL.finditer(text):
        name = match[2].rpartition(".")[2].lower()
        if match[1] or name in STABLE:
            continue
        if name in VOLATILE or name not in _catalogue():
            return name
    return None


def is_known_volatile(name: str) -> bool:
    """Whether a function is volatile for sure, and not merely unknown."""
    return name in VOLATILE
