"""What a program may choose about its watcher."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

MaskSetting = Literal["auto", "off"]
AddSetting = Literal["auto", "off"]
TablesSetting = Literal["auto", "all", "off"]


@dataclass(frozen=True)
class Options:
    """What a program may choose about its watcher.

    :param name: how `alembic-guard apps` shows it; the default is the program's name.
    :param poll: seconds between looks at the ledger where no wake-up can come; the default
        is 0.05 on SQLite and 0.1 elsewhere, because it adds to the length of a pause.
    :param mask: ``off`` never lets a missing column read as NULL.
    :param add: ``off`` leaves columns that only the database has unmapped.
    :param tables: where a table that a migration creates is taken in: ``auto`` in automap bases,
        ``all`` also in MetaData, which then mirror their schema; ``off`` nowhere.
    :param restart_after: seconds for which a change must have left this process unable to
        serve before `on_restart_needed` is told; where DDL commits by itself, its
        explanation follows a moment later.
    :param drain: seconds transactions under way get before an unannounced swap.
    :param database: the ledger's uuid this application must be on; checked if given.
    :param config: the alembic.ini to compare with; found upwards from here if not given,
        never looked for if False.
    :param schema: the schema of alembic_guard's two tables.
    :param channel: URL of a wake-up channel such as ``redis://host``; ``auto`` is the
        database's own where it has one, ``poll`` is polling alone.
    """

    name: str | None = None
    poll: float | None = None
    mask: MaskSetting = "auto"
    add: AddSetting = "auto"
    tables: TablesSetting = "auto"
    restart_after: float = 10.0
    drain: float = 0.5
    database: str | None = None
    config: str | Path | Literal[False] | None = None
    schema: str | None = None
    channel: str = "auto"

    def __post_init__(self) -> None:
        """Refuse at once what would otherwise be noticed at the first incident, or never."""
        for name, known in _KNOWN.items():
            value = getattr(self, name)
            if value not in known:
                choices = " or ".join(repr(choice) for choice in known)
                raise ValueError(f"{name}={value!r} is not known; it is {choices}")
        for name in ("poll", "restart_after", "drain"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, (int, float)) and value >= 0):
                raise ValueError(f"{name}={value!r} is not a number of seconds")
        if self.config and not Path(self.config).is_file():
            raise ValueError(f"config={str(self.config)!r}: there is no such alembic.ini")
        if self.channel not in ("auto", "poll"):
            from ..channels.registry import channel_for

            channel_for(self.channel)


_KNOWN: dict[str, tuple[str, ...]] = {
    "mask": get_args(MaskSetting),
    "add": get_args(AddSetting),
    "tables": get_args(TablesSetting),
}
