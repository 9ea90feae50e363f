"""Which of the findings of `names` somebody has decided to live with.

The grammar is that of `review`: comments and waivers are read and judged by the same code, and
only those that name a code of `names` count here, because one file may be read by both.
"""

from __future__ import annotations

import datetime
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..facts import Finding
from ..reserved.names import RULES
from ..settings import Settings

if TYPE_CHECKING:
    from ..review.reporters import Suppressed

MARK = re.compile(r"#\s*guard\s*:\s*ignore")
_OURS = {word for rule in RULES.values() for word in (rule.code, rule.name)}


def keep_unsuppressed(
    findings: Sequence[Finding], marked: Mapping[str, str], settings: Settings
) -> tuple[list[Finding], list[Suppressed]]:
    """Split findings into those that count and those that do not.

    :param marked: text by path of the files that have a suppression comment.
    """
    kept = [item for item in findings if not _is_ignored(item, settings)]
    waivers = {
        key: reason
        for key, reason in settings.review_waivers.items()
        if key.split(" ")[0] in {"*", *_OURS}
    }
    if not marked and not waivers:
        return kept, []
    from ..review.revision import Comment, Revision
    from ..review.suppression import inline_suppressions, read_waivers, suppress

    files = [
        Revision(path, comments=tuple(Comment(*item) for item in _comments(text)), source=text)
        for path, text in marked.items()
    ]
    comments = [item for item in inline_suppressions(files) if item.codes & _OURS]
    read = read_waivers(tuple(waivers.items()))
    for waiver in read:
        waiver.used = waiver.code == "*"  # meant for `review` as well, which says when it is not
    return suppress(kept, comments, read, datetime.date.today())


def _is_ignored(finding: Finding, settings: Settings) -> bool:
    names = {finding.objects[-1].lower(), ".".join(finding.objects).lower()}
    return any(
        policy == "ignore" and name.lower() in names
        for name, policy in settings.reserved_policy.items()
    )


def _comments(text: str) -> list[tuple[int, str]]:
    """Line and text of each comment; a string that looks like one is none."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0], token.string))
    except (tokenize.TokenError, SyntaxError):  # what was read so far counts
        pass
    return found
