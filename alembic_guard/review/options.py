"""What a review is asked for."""

from __future__ import annotations

from ..record import field, frozen_record
from ..settings import Settings


@frozen_record
class Options:
    """What a review is asked for; what is left empty comes from the settings.

    :param dialect: reviewed dialect, guessed from alembic.ini and the files when empty.
    :param server_version: such as ``"15"`` or ``"8.0.36"``.
    :param select: codes, names, family letters or ``opinions`` to run on top of the default.
    :param ignore: codes or names not to run.
    :param since: only revisions after this one are reported.
    :param diff_base: only revisions added or edited since the merge base with this are.
    :param staged: only staged revisions are.
    :param baseline: file of findings that do not count.
    :param code: folder of the application's code, to look for uses of names that go; with
        `diff_base` the repository's root when empty.
    """

    paths: tuple[str, ...]
    dialect: str = ""
    server_version: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    since: str = ""
    diff_base: str = ""
    staged: bool = False
    baseline: str = ""
    code: str = ""
    settings: Settings = field(default_factory=Settings)
