"""`alembic-guard doctor`: which database is migrated, which does the app use, do they agree.

It answers the question behind "no such column" after an upgrade that worked: each of the
three usual explanations is confirmed or ruled out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..usage import UsageError
from .diagnosis import Diagnosis, hypotheses


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--config", metavar="INI", help="alembic.ini (default: $ALEMBIC_CONFIG, or found upwards)"
    )
    parser.add_argument(
        "--alembic-url", metavar="URL", help="what env.py connects to, if not sqlalchemy.url"
    )
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="what the application connects to (default: $DATABASE_URL)",
    )
    parser.add_argument(
        "--metadata", metavar="MODULE:BASE", help="compare these models with the app's database"
    )
    parser.add_argument(
        "--schema", help="schema of alembic_guard's two tables (default: the settings')"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace) -> int:
    """Diagnose and print; 0 healthy as far as it was asked, 1 a problem."""
    diagnosis = diagnose(args)
    if args.format == "json":
        print(json.dumps(diagnosis.to_dict(), indent=2))
    else:
        print("\n".join(_lines(diagnosis)))
    return 1 if diagnosis.problems else 0


def diagnose(args: argparse.Namespace) -> Diagnosis:
    """Look at both databases, the revisions, the models and the running apps."""
    from ..live.alembic_side import (
        AlembicSide,
        DatabaseState,
        find_config,
        read_alembic_side,
        read_database_at,
    )
    from .database import RIGHTS, parse_url

    diagnosis = Diagnosis()
    path = Path(args.config) if args.config else find_config()
    if path is not None and not path.is_file():
        raise UsageError(f"there is no {path}; give the path of alembic.ini with --config")
    side = read_alembic_side(path) if path else AlembicSide(Path("alembic.ini"))
    alembic_url = parse_url(args.alembic_url, "--alembic-url") if args.alembic_url else side.url
    app_url = _app_url(args.database_url)
    if path is None and alembic_url is None and app_url is None:
        raise UsageError(
            "no alembic.ini was found from here upwards, and no database is named:"
            " use --config, or --database-url"
        )
    schema = args.schema or _ledger_schema(path)
    theirs: Any = read_database_at(alembic_url, schema) if alembic_url else _no_url(path)
    mine: Any = read_database_at(app_url, schema) if app_url else theirs
    is_borrowed = _may_borrow(theirs, mine)
    if is_borrowed:
        mine = replace(theirs, identity=mine.identity)
    diagnosis.alembic = _described(theirs, alembic_url, path)
    diagnosis.app = _described(mine, app_url or alembic_url, None)
    _note_relative_path(diagnosis, path, None if args.alembic_url else alembic_url)
    if app_url is None:
        diagnosis.notes.append(
            "no --database-url: the app is taken to use the database Alembic upgrades; its own URL"
            " would tell whether it does"
        )
    if isinstance(theirs, DatabaseState) and isinstance(mine, DatabaseState):
        if app_url is not None:
            diagnosis.same = mine.identity.same_as(theirs.identity)
        _compare_databases(diagnosis, theirs, mine)
    else:
        _name_unreachable(diagnosis, theirs, mine, is_one=app_url is None)
    if is_borrowed or not getattr(mine, "is_readable", True):
        diagnosis.notes.append(
            f"the app's database user may not read alembic_version or alembic_guard's tables: {RIGHTS}"
        )
    if getattr(mine, "is_readable", True):
        _compare_heads(diagnosis, side, mine)
    if isinstance(mine, DatabaseState):
        url = app_url or alembic_url
        assert url is not None
        if args.metadata:
            metadata = _load_models(args.metadata, path)
            _compare_models(diagnosis, metadata, url, schema, path)
            _look_at_serializers(diagnosis, metadata, url)
        _look_at_apps(diagnosis, alembic_url if is_borrowed else url, schema, mine)
    diagnosis.hypotheses = list(hypotheses(diagnosis))
    return diagnosis


def _note_relative_path(diagnosis: Diagnosis, path: Path | None, url: Any) -> None:
    """Alembic takes a relative file from where it is run, which need not be beside its ini."""
    import sqlalchemy as sa
    from alembic.config import Config

    if path is None or url is None or url.get_backend_name() != "sqlite":
        return
    given = sa.make_url(Config(str(path)).get_main_option("sqlalchemy.url") or "").database
    if not given or given.startswith((":", "file:", "/")) or path.parent.samefile(Path.cwd()):
        return
    here = Path(given).resolve()
    there = "" if here.is_file() else ", which is not there"
    diagnosis.notes.append(
        f"sqlalchemy.url is relative: run beside {path} Alembic upgrades {url.database}; run here,"
        f" {here}{there}"
    )


def _may_borrow(theirs: Any, mine: Any) -> bool:
    """Whether Alembic's user can tell what the app's may not read: it is the same database."""
    if isinstance(theirs, str) or isinstance(mine, str) or mine.is_readable:
        return False
    return bool(theirs.is_readable and mine.identity.same_as(theirs.identity))


def _ledger_schema(path: Path | None) -> str | None:
    """The schema the settings beside alembic.ini name."""
    from ..settings import read_settings

    if path is None:
        return None
    return read_settings(ini_file=path, toml_file=path.parent / "pyproject.toml").ledger_schema


def _app_url(given: str | None) -> Any:
    import os

    from .database import parse_url

    text = given or os.environ.get("DATABASE_URL")
    if not text:
        return None
    return parse_url(text, "--database-url" if given else "$DATABASE_URL")


def _no_url(path: Path | None) -> str:
    if path is None:
        return "no alembic.ini was found; give its path with --config"
    return f"{path} has no usable sqlalchemy.url; give what env.py uses with --alembic-url"


def _described(state: Any, url: Any, path: Path | None) -> dict[str, Any]:
    from ..ledger.redaction import shown_url

    result: dict[str, Any] = {"url": shown_url(url) if url else None}
    if path is not None:
        result["config"] = str(path)
    if isinstance(state, str):
        return {**result, "error": state}
    return {
        **result,
        "identity": state.identity.describe(),
        "details": state.identity.to_dict(),
        "heads": list(state.heads),
        "database_uuid": state.uuid,
        "epoch": state.epoch,
    }


def _compare_databases(diagnosis: Diagnosis, theirs: Any, mine: Any) -> None:
    app, alembic = mine.identity.describe(), theirs.identity.describe()
    if diagnosis.same is False:
        diagnosis.headline = f"the app uses {app}; alembic upgraded {alembic}"
        diagnosis.problems.append(diagnosis.headline)
        if mine.uuid and mine.uuid == theirs.uuid:
            diagnosis.notes.append(
                "both carry the same ledger uuid: one is a copy of the other "
                "(`alembic-guard announce --new-database` gives a copy its own)"
            )
        return
    diagnosis.headline = f"the app and alembic use the same database: {app}"
    if diagnosis.same is None:
        diagnosis.headline = f"alembic upgrades {alembic}"
    if mine.uuid is None:
        diagnosis.notes.append(
            "it has no ledger yet: the next `alembic upgrade` through Guard creates it"
        )


def _name_unreachable(diagnosis: Diagnosis, theirs: Any, mine: Any, *, is_one: bool) -> None:
    from ..live.alembic_side import NO_FILE

    for who, state in (("alembic's database", theirs), ("the app's database", mine)):
        if isinstance(state, str) and not (is_one and state is mine and diagnosis.problems):
            diagnosis.problems.append(f"{who}: {state}")
    diagnosis.headline = diagnosis.problems[0]
    if isinstance(mine, str) and mine.startswith(NO_FILE) and not isinstance(theirs, str):
        diagnosis.same = False  # whatever Alembic upgraded, it is there
        diagnosis.headline += f"; alembic upgraded {theirs.identity.describe()}"


def _compare_heads(diagnosis: Diagnosis, side: Any, mine: Any) -> None:
    heads = side.heads()
    diagnosis.alembic["script_heads"] = list(heads)
    if not heads or isinstance(mine, str):
        return
    if len(heads) > 1:
        diagnosis.problems.append(
            f"the revisions have {len(heads)} heads: {', '.join(heads)};"
            " `alembic merge heads` joins them"
        )
    unknown = [head for head in mine.heads if head not in side.revisions]
    if unknown:
        diagnosis.app["unknown_heads"] = unknown
        diagnosis.problems.append(
            f"the app's database is at {', '.join(unknown)}, which these revisions do not have:"
            " it was migrated by newer code, or by another branch"
        )
        return
    pending = [revision.id for revision in side.pending(mine.heads)]
    diagnosis.app["pending"] = pending
    if pending:
        at = ", ".join(mine.heads) or "no revision"
        target = "heads" if len(heads) > 1 else "head"
        diagnosis.problems.append(
            f"the app's database is at {at}; not applied to it: {', '.join(pending)};"
            f" `alembic upgrade {target}` applies what is pending to the database env.py names"
        )


def _load_models(target: str, path: Path | None) -> Any:
    """Import the models as Alembic would: from here and from ``prepend_sys_path``."""
    import sys

    from ..errors import GuardError
    from ..guard import Guard

    sys.path[:0] = [str(Path.cwd()), *_prepended(path)]
    try:
        return Guard().load_metadata(target)
    except GuardError:
        raise
    except Exception as error:  # whatever the program's modules raise
        text = f"{type(error).__name__}: {error}".splitlines()[0]
        raise UsageError(
            f"--metadata {target}: the import fails with {text}; it is looked for in"
            f" {Path.cwd()}, in prepend_sys_path of alembic.ini and where Python looks"
        ) from error


def _prepended(path: Path | None) -> list[str]:
    if path is None:
        return []
    from alembic.config import Config

    return Config(str(path)).get_prepend_sys_paths_list() or []


def _compare_models(
    diagnosis: Diagnosis, metadata: Any, url: Any, schema: str | None, path: Path | None
) -> None:
    import sqlalchemy as sa

    from ..live import SchemaWatcher
    from ..live.alembic_side import sync_url

    usable = sync_url(url)
    assert usable is not None
    engine = sa.create_engine(usable, poolclass=sa.pool.NullPool)
    try:
        watcher = SchemaWatcher(engine, metadata, schema=schema, config=path or False)
        report = watcher.check()
    finally:
        engine.dispose()
    diagnosis.models = report.to_dict()
    for difference in report.differences:
        text = difference.describe()
        (diagnosis.notes if difference.kind == "new_column" else diagnosis.problems).append(text)


def _look_at_apps(diagnosis: Diagnosis, url: Any, schema: str | None, mine: Any) -> None:
    """Which processes listen on the app's database, and which of them are behind."""
    if mine.uuid is None:
        return
    import sqlalchemy as sa

    from ..ledger.apps import list_apps
    from ..live.alembic_side import sync_url
    from ..live.drift import is_forbidden
    from .database import RIGHTS

    usable = sync_url(url)
    assert usable is not None
    engine = sa.create_engine(usable, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            apps = list_apps(connection, schema)
    except sa.exc.DBAPIError as error:
        if not is_forbidden(error):
            raise
        diagnosis.is_apps_table_readable = False
        diagnosis.notes.append(f"the app's database user may not read alembic_guard_app: {RIGHTS}")
        return
    finally:
        engine.dispose()
    for app in apps:
        behind = mine.epoch - app.epoch
        state = "gone" if not app.is_live else app.state
        diagnosis.apps.append(
            {"app": app.label, "state": state, "epoch": app.epoch, "behind": behind,
             "identity": app.identity, "error": app.error, "age": round(app.age, 1)}
        )  # fmt: skip
        if app.is_live and behind > 0:
            diagnosis.problems.append(
                f"{app.label} is {behind} epoch(s) behind: {app.state}; if it stays so, restart it"
            )
        elif app.is_live and app.error:
            diagnosis.problems.append(f"{app.label} is {app.state}: {app.error}")
        elif not app.is_live:
            diagnosis.notes.append(f"{app.label} was last heard of {app.age:.0f} s ago")


def _look_at_serializers(diagnosis: Diagnosis, metadata: Any, url: Any) -> None:
    """JSON columns where a plain ``create_engine(url)`` cannot store a date.

    The application may pass its engine a serializer of its own, so this is no problem yet.
    """
    import sqlalchemy as sa

    from ..json_types import json_findings
    from ..live.alembic_side import sync_url

    usable = sync_url(url)
    assert usable is not None
    engine = sa.create_engine(usable, poolclass=sa.pool.NullPool)
    diagnosis.findings = list(json_findings(engine, metadata))
    engine.dispose()


def _lines(diagnosis: Diagnosis) -> Iterator[str]:
    yield diagnosis.headline
    yield ""
    for who, facts in (("alembic", diagnosis.alembic), ("app", diagnosis.app)):
        identity = facts.get("identity") or facts.get("error") or "unknown"
        yield f"{who:8} {identity}"
        if "heads" in facts:
            heads = ", ".join(facts["heads"]) or "none"
            yield f"         heads {heads}; ledger {facts['database_uuid'] or 'none'}"
    for app in diagnosis.apps:
        yield f"process  {app['app']}: {app['state']} at epoch {app['epoch']}"
        if app["identity"]:
            yield f"         uses {app['identity']}"
    yield ""
    for hypothesis in diagnosis.hypotheses:
        yield f"{hypothesis.verdict:10} {hypothesis.question}"
        yield f"           {hypothesis.because}"
    if diagnosis.problems:
        yield ""
        yield from (f"problem: {text}" for text in diagnosis.problems)
    yield from (f"note: {text}" for text in diagnosis.notes)
    for finding in diagnosis.findings:
        yield f"note: {finding.code} {finding.message}"
        yield f"      {finding.help}"
