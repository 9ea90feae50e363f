"""``python -m alembic_guard.review.new_rule NAME CODE HAZARD``: scaffold a rule."""

from __future__ import annotations

import sys
from pathlib import Path

TEMPLATE = '''"""{code}: {words}."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class {cls}(Rule):
    """One sentence.

    What it does
    ------------
    Finds ...

    Why it matters
    --------------
    ...

    Instead
    -------
    ...

    References
    ----------
    https://
    """

    code = "{code}"
    name = "{name}"
    hazard = "{hazard}"
    severity = "warning"
    dialects = ("postgresql",)
    on = (st.AddColumn,)
    bad = ()
    good = ()

    def check(self, statement: st.AddColumn, at: Place) -> Iterator[Finding]:
        if at.is_new(statement.table):
            return
        yield self.finding(
            at,
            statement,
            f"What happens to {{statement.table}}, and for whom.",
            "What to write instead.",
            objects=(statement.table, statement.column.name),
        )
'''


def scaffold(name: str, code: str, hazard: str) -> Path:
    """Write the rule's file, or raise when it is there already; its examples are its tests."""
    path = Path(__file__).parent / "rules" / f"{name.replace('-', '_')}.py"
    if path.exists():
        raise FileExistsError(f"{path} exists")
    words = name.replace("-", " ")
    text = TEMPLATE.format(
        code=code, name=name, hazard=hazard, words=words, cls=words.title().replace(" ", "")
    )
    path.write_text(text, encoding="utf-8")
    return path


def main() -> int:
    """Scaffold from the command line."""
    if len(sys.argv) != 4:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    sys.stdout.write(f"{scaffold(*sys.argv[1:])}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
