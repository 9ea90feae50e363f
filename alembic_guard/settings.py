"""Settings, read and validated in one place.

They stand in ``[tool.alembic_guard]`` of pyproject.toml or ``[alembic_guard]`` of
alembic.ini; the ini file wins where both give a key. This module imports neither Alembic
nor SQLAlchemy, because reading source needs settings too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from .record import field, frozen_record, replace
from .usage import UsageError

if TYPE_CHECKING:
    from pathlib import Path


class InvalidSetting(UsageError):
    """A setting is unknown or malformed: its `key`, and the `source` it stands in."""

    def __init__(self, message: str, *, key: str, source: str) -> None:
        super().__init__(message)
        self.key = key
        self.source = source


RenamesSetting = Literal["certain", "likely", "ask", "off"]
RenderSetting = Literal["rename", "plain"]
ModeSetting = Literal["auto", "announce", "pause", "compat", "expand"]
TimeoutSetting = Literal["warn", "fail"]
PreflightSetting = Literal["show", "block", "off"]
ReservedSetting = Literal["error", "warn", "rename", "ignore"]


@frozen_record
class Settings:
    """Everything a project may choose; each field's default is the safe choice.

    :param renames: how sure a rename must be before it is planned unasked.
    :param render: ``plain`` writes only calls that Alembic itself provides.
    :param reserved: what autogenerate does with a new table or column whose name is reserved;
        ``rename`` plans it under the first suggestion.
    :param reserved_policy: the same per name, such as ``{"metadata": "error"}`` or
        ``{"events.user": "ignore"}``; `names` leaves out what is ignored.
    :param reserved_names: names the team keeps for itself.
    :param databases: what the project runs on, such as ``postgresql=15``; every word list
        counts where nothing is given.
    :param mode: how `upgrade` applies a change; ``auto`` pauses the running apps for what
        would break them and only announces the rest.
    :param channels: URLs of further wake-ups, such as ``redis://host/0``.
    :param ledger_schema: schema of the two tables alembic_guard owns.
    :param lock_wait: seconds to wait for another migration of the same database.
    :param lock_timeout: seconds one DDL statement may queue for its table lock.
    :param lock_retry: seconds during which such a statement is tried again.
    :param pause_timeout: seconds the apps get to finish their transactions in a pause.
    :param pause_lease: seconds after which a paused app resumes, whatever happened.
    :param wait: whether `upgrade` waits until every live app has acknowledged.
    :param wait_timeout: seconds it waits at most.
    :param on_timeout: what `upgrade` does when an app has not loaded the change by then, or
        refuses it; ``fail`` ends it with an error although the change is applied.
    :param preflight: whether `upgrade` reviews what it is about to apply; ``block`` applies
        nothing while the review finds an error.
    :param review_dialect: database that `review` judges for; guessed when empty.
    :param review_server_version: its version, such as ``15`` or ``8.0.36``.
    :param review_select: rules to run on top of the default ones, or ``opinions``.
    :param review_ignore: rules not to run.
    :param review_baseline: file of findings that do not count.
    :param review_waivers: ``CODE path-pattern`` = reason, then ``(owner NAME, until 2027-01-31)``.
    """

    renames: RenamesSetting = "ask"
    render: RenderSetting = "rename"
    reserved: ReservedSetting = "warn"
    reserved_policy: Mapping[str, str] = field(default_factory=dict)
    reserved_names: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    mode: ModeSetting = "auto"
    channels: tuple[str, ...] = ()
    ledger_schema: str | None = None
    lock_wait: float = 600.0
    lock_timeout: float = 3.0
    lock_retry: float = 120.0
    pause_timeout: float = 10.0
    pause_lease: float = 30.0
    wait: bool = True
    wait_timeout: float = 30.0
    on_timeout: TimeoutSetting = "warn"
    preflight: PreflightSetting = "show"
    review_dialect: str = ""
    review_server_version: str = ""
    review_select: tuple[str, ...] = ()
    review_ignore: tuple[str, ...] = ()
    review_baseline: str = ""
    review_waivers: Mapping[str, str] = field(default_factory=dict)
    source: str = field(default="defaults", compare=False)

    def merged(self, values: Mapping[str, Any], source: str) -> Settings:
        """These settings with `values` on top, or a `UsageError` naming the bad key."""
        return replace(self, source=source, **_validated(values, source))


def read_settings(
    *, ini_file: Path | None = None, toml_file: Path | None = None, ini_args: Mapping[str, str] = {}
) -> Settings:
    """Read both files where they exist; a missing file or section means the defaults."""
    settings = Settings()
    if toml_file and toml_file.is_file():
        data = _parsed_toml(toml_file)
        values = data.get("tool", {}).get("alembic_guard")
        if values is not None:
            settings = settings.merged(values, f"[tool.alembic_guard] in {toml_file}")
    if ini_file and ini_file.is_file():
        import configparser

        parser = configparser.ConfigParser({"here": str(ini_file.resolve().parent), **ini_args})
        try:
            parser.read(ini_file, encoding="utf-8")
            found = parser.items("alembic_guard") if parser.has_section("alembic_guard") else None
        except (configparser.Error, UnicodeDecodeError) as error:
            # its own text would show the value, which may be a URL with a password
            is_value = isinstance(error, configparser.InterpolationError)
            way_out = "a % is written %%" if is_value else "is it Alembic's ini file?"
            message = f"{ini_file} cannot be read ({type(error).__name__}): {way_out}"
            raise UsageError(message) from None
        if found is not None:
            own = {key: value for key, value in found if key not in parser.defaults()}
            settings = settings.merged(own, f"[alembic_guard] in {ini_file}")
    return settings


def _parsed_toml(path: Path) -> dict[str, Any]:
    """A TOML file; the parser is loaded only where there is one."""
    from .toml import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error


def find_settings(start: str | os.PathLike[str]) -> Settings:
    """Read the settings of the project around `start`: the nearest alembic.ini and pyproject.toml."""
    folder = os.path.realpath(start)
    for directory in [folder, *enclosing(folder)]:
        files = [os.path.join(directory, name) for name in ("alembic.ini", "pyproject.toml")]
        if any(map(os.path.isfile, files)):
            from pathlib import Path

            ini_file, toml_file = map(Path, files)
            return read_settings(ini_file=ini_file, toml_file=toml_file)
    return Settings()


def enclosing(folder: str) -> list[str]:
    """The folders around an absolute path, nearest first; `pathlib` takes 4 ms to import."""
    found: list[str] = []
    while (parent := os.path.dirname(folder)) != folder:
        found.append(folder := parent)
    return found


def _validated(values: Mapping[str, Any], source: str) -> dict[str, Any]:
    hints = get_type_hints(Settings)
    known = set(hints) - {"source"}
    result = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in known:
            import difflib

            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)
            message = f"{source}: unknown setting {key!r}; did you mean {near[0]!r}?"
            raise InvalidSetting(message, key=key, source=source)
        result[name] = _coerced(value, hints[name], key, source)
    return result


def _coerced(value: Any, hint: Any, key: str, source: str) -> Any:
    """`value` as the type `hint` says; ini files give strings, TOML gives native values."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        if value in args:
            return value
        choices = ", ".join(repr(choice) for choice in args)
        message = f"{source}: {key} is {value!r}; it can be {choices}"
        raise InvalidSetting(message, key=key, source=source)
    if hint is bool:
        text = str(value).strip().lower()
        if text in {"true", "yes", "on", "1"}:
            return True
        if text in {"false", "no", "off", "0"}:
            return False
    elif hint in (int, float):
        try:
            return hint(value)
        except (TypeError, ValueError):
            pass
    elif origin is tuple:
        if isinstance(value, str):
            return tuple(part for part in value.replace(",", " ").split() if part)
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(value)
    elif origin in (dict, Mapping):
        return _coerced_mapping(value, key, source)
    elif type(None) in args:
        inner = next(arg for arg in args if arg is not type(None))
        return None if value in (None, "") else _coerced(value, inner, key, source)
    elif isinstance(value, str):
        return value
    expected = getattr(hint, "__name__", str(hint))
    # a URL may hold a password
    shown = "a value with a URL" if "://" in repr(value) else repr(value)
    message = f"{source}: {key} is {shown}, which is not a {expected}"
    raise InvalidSetting(message, key=key, source=source)


def _coerced_mapping(value: Any, key: str, source: str) -> dict[str, str]:
    """A TOML table, or ini lines of the form ``name = value``."""
    if isinstance(value, Mapping):
        return {str(name): str(item) for name, item in value.items()}
    result = {}
    for line in filter(None, (part.strip() for part in str(value).splitlines())):
        name, separator, item = line.partition("=")
        if not separator:
            message = f"{source}: {key}: {line!r} is not of the form name = value"
            raise InvalidSetting(message, key=key, source=source)
        result[name.strip()] = item.strip()
    return result
