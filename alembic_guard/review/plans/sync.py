"""Triggers that keep two columns equal, whichever of them a writer knows.

Old code writes only the old column, new code only the new one, and each reads what the other wrote.
A value given for the new column wins: its absence is what old code looks like, while the old
column may hold its default. The backfill changes the new column only, so that a conversion is
never written back.
"""

from __future__ import annotations

from string import Template

from .step import Target, execute

_POSTGRESQL = """CREATE FUNCTION $fn() RETURNS trigger LANGUAGE plpgsql AS $$$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.$new IS NULL THEN
            NEW.$new = NEW.$old;
        ELSE
            NEW.$old = NEW.$new;
        END IF;
    ELSIF NEW.$old IS DISTINCT FROM OLD.$old THEN
        NEW.$new = NEW.$old;
    ELSIF NEW.$new IS DISTINCT FROM OLD.$new AND NEW.$new IS DISTINCT FROM $converted THEN
        NEW.$old = NEW.$new;
    END IF;
    RETURN NEW;
END $$$$"""
_TRIGGER = "CREATE TRIGGER $fn BEFORE INSERT OR UPDATE ON $t FOR EACH ROW EXECUTE FUNCTION $fn()"
_MYSQL_INSERT = """CREATE TRIGGER ${fn}_i BEFORE INSERT ON $t FOR EACH ROW
IF NEW.$new IS NULL THEN
    SET NEW.$new = NEW.$old;
ELSE
    SET NEW.$old = NEW.$new;
END IF"""
_MYSQL_UPDATE = """CREATE TRIGGER ${fn}_u BEFORE UPDATE ON $t FOR EACH ROW
IF NOT (CAST(NEW.$old AS BINARY) <=> CAST(OLD.$old AS BINARY)) THEN
    SET NEW.$new = NEW.$old;
ELSEIF NOT (CAST(NEW.$new AS BINARY) <=> CAST(OLD.$new AS BINARY))
    AND NOT (CAST(NEW.$new AS BINARY) <=> CAST(NEW.$old AS BINARY)) THEN
    SET NEW.$old = NEW.$new;
END IF"""
"""As binary strings, for most collations hold 'a' and 'A' for equal."""


def start(target: Target, old: str, new: str, kind: str | None) -> str:
    """Code that makes the triggers.

    :param kind: the new column's type where it differs from the old one's.
    """
    names = _names(target, old, new)
    names["converted"] = f"NEW.{names['old']}" + (f"::{kind}" if kind else "")
    if target.dialect == "postgresql":
        made = [_POSTGRESQL, _TRIGGER]
        return "\n".join(
            ["op.execute(\"SET LOCAL lock_timeout = '2s'\")"]
            + [execute(Template(text).substitute(names)) for text in made]
        )
    made = [_MYSQL_INSERT, _MYSQL_UPDATE]
    return "\n".join(execute(Template(text).substitute(names)) for text in made)


def stop(target: Target, old: str, new: str, comment: str = "") -> str:
    """Code that removes them."""
    fn = _names(target, old, new)["fn"]
    if target.dialect == "postgresql":
        return "\n".join(
            [
                "op.execute(\"SET LOCAL lock_timeout = '2s'\")",
                execute(f"DROP TRIGGER {fn} ON {target.name}"),
                execute(f"DROP FUNCTION {fn}()", comment),
            ]
        )
    return "\n".join(execute(f"DROP TRIGGER {fn}_{event}") for event in "iu")


def _names(target: Target, old: str, new: str) -> dict[str, str]:
    fn = target.named(target.short, old, new)[:50] + "_sync"
    return {"t": target.name, "fn": fn, "old": target.quote(old), "new": target.quote(new)}
