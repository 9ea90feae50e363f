"""Turn the examples of rules into revisions and review them."""

from __future__ import annotations

import textwrap

from ..facts import Finding
from .engine import Review, review
from .judging import chosen_rules
from .revision import Revision
from .rules import Example, Rule, all_rules
from .sources.calls import MigrationCalls
from .sources.helper_modules import HelperModules
from .sources.module import Module
from .sources.reader import read_module
from .versions import DEFAULT_VERSIONS, parse_version

HEADER = '''"""Example."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql

revision = "{id}"
down_revision = {down!r}


'''
DOWN = 'raise NotImplementedError("an example")'


def as_module(
    text: str, identifier: str = "a1", down: str | None = None, downgrade: str | None = None
) -> str:
    """The text of a whole revision file."""
    text = textwrap.dedent(text).strip("\n")
    if "def upgrade" in text:
        return text + "\n"
    body = textwrap.indent(text, "    ")
    after = textwrap.indent(textwrap.dedent(downgrade or DOWN).strip("\n"), "    ")
    header = HEADER.format(id=identifier, down=down)
    return f"{header}def upgrade():\n{body}\n\n\ndef downgrade():\n{after}\n"


def revisions_of(example: str | Example, dialect: str) -> list[Revision]:
    """The revisions of an example, as read."""
    shown = example if isinstance(example, Example) else Example(example)
    texts = (shown.text,) if isinstance(shown.text, str) else shown.text
    found = []
    down = None
    for number, text in enumerate(texts, start=1):
        name = f"a{number}"
        last = number == len(texts)
        source = as_module(text, name, down, shown.down if last else None)
        module = Module(f"{name}.py", source)
        revision = read_module(module, dialect, MigrationCalls(), HelperModules())
        if revision is not None:
            found.append(revision)
        down = name
    return found


def review_example(rule: Rule, example: str | Example) -> Review:
    """Review an example with every default rule, and with `rule` if that is an opinion."""
    shown = example if isinstance(example, Example) else Example(example)
    dialect = shown.dialect or rule.dialects[0]
    version = parse_version(shown.version) if shown.version else DEFAULT_VERSIONS[dialect]
    rules = chosen_rules((rule.code,), ())
    return review(revisions_of(shown, dialect), rules, dialect, version, whole=True)


def findings_of(rule: Rule, example: str | Example) -> tuple[Finding, ...]:
    """What a review of the example finds."""
    return review_example(rule, example).findings


__all__ = ["all_rules", "as_module", "findings_of", "review_example", "revisions_of"]
