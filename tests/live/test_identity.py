from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from alembic_guard.live import SchemaWatcher
from tests.live.battery import build_models, create_tables, execute
from tests.live.stories import ensure_ledger

VERSION = """
revision = "1a2b3c"
down_revision = None
from alembic import op
import sqlalchemy as sa

def upgrade() -> None:
    op.add_column("sessions", sa.Column("chat_session_id", sa.String(50)))
"""


def project(folder: Path, url: URL | str) -> Path:
    """An alembic.ini that points to `url`, with one revision."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "migrations" / "versions" / "one.py").write_text(VERSION)
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    ini = folder / "alembic.ini"
    ini.write_text(f"[alembic]\nscript_location = migrations\nsqlalchemy.url = {text}\n")
    return ini


def build_database(url: URL, kind: str, *, upgraded: bool) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    create_tables(engine, kind)
    if upgraded:
        ensure_ledger(engine)
        execute(
            engine,
            "alter table sessions add column chat_session_id varchar(50)",
            "create table alembic_version(version_num varchar(32) not null)",
            "insert into alembic_version values ('1a2b3c')",
        )
    engine.dispose()


def test_wrong_database_is_named_on_the_first_check_with_both_identities(
    kind: str, new_database: Callable[..., URL], tmp_path: Path
) -> None:
    mine, theirs = new_database(kind), new_database(kind)
    build_database(mine, kind, upgraded=False)
    build_database(theirs, kind, upgraded=True)
    engine = sa.create_engine(mine, poolclass=sa.pool.NullPool)
    ini = project(tmp_path, theirs)
    report = SchemaWatcher(engine, build_models(missing=True).base, config=ini).check()
    engine.dispose()

    assert report.state == "wrong_database"
    assert not report.is_ready
    assert "mask" not in {difference.bridge for difference in report.differences}
    assert "\n" not in report.message
    app, alembic = report.message.split("; alembic upgraded ")
    assert app.startswith("the app uses ")
    assert str(mine.database) in app
    assert str(theirs.database) in alembic


def test_no_mask_hides_the_wrong_database(tmp_path: Path) -> None:
    mine, theirs = (sa.make_url(f"sqlite:///{tmp_path}/{name}.db") for name in ("mine", "theirs"))
    build_database(mine, "sqlite", upgraded=False)
    build_database(theirs, "sqlite", upgraded=True)
    engine = sa.create_engine(mine)
    models = build_models(missing=True)
    with SchemaWatcher(engine, models.base, config=project(tmp_path, theirs)) as watcher:
        with Session(engine) as session, pytest.raises(sa.exc.OperationalError, match="no such"):
            session.scalars(sa.select(models.session)).all()
        assert watcher.report is not None
        assert watcher.report.wrong_database
    engine.dispose()


def test_pending_revision_is_named_when_the_database_is_the_right_one(
    kind: str, new_database: Callable[..., URL], tmp_path: Path
) -> None:
    url = new_database(kind)
    build_database(url, kind, upgraded=False)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    report = SchemaWatcher(
        engine, build_models(missing=True).base, config=project(tmp_path, url)
    ).check()
    engine.dispose()

    assert report.state == "degraded"
    assert "revision 1a2b3c is pending" in report.describe()


def test_relative_sqlite_url_is_the_file_beside_alembic_ini(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("backend", "server"):
        (tmp_path / name).mkdir()
    ini = project(tmp_path / "backend", "sqlite:///./app.db")
    build_database(sa.make_url(f"sqlite:///{tmp_path}/backend/app.db"), "sqlite", upgraded=True)
    build_database(sa.make_url(f"sqlite:///{tmp_path}/server/app.db"), "sqlite", upgraded=False)
    monkeypatch.chdir(tmp_path / "server")
    monkeypatch.setenv("ALEMBIC_CONFIG", str(ini))
    engine = sa.create_engine("sqlite:///./app.db", poolclass=sa.pool.NullPool)
    report = SchemaWatcher(engine, build_models(missing=True).base).check()
    engine.dispose()

    assert report.wrong_database
    assert f"{tmp_path}/server/app.db" in report.message
    assert f"{tmp_path}/backend/app.db" in report.message


def test_database_the_program_was_told_to_use_is_checked(
    kind: str, new_database: Callable[..., URL]
) -> None:
    url = new_database(kind)
    build_database(url, kind, upgraded=True)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    base = build_models(missing=True).base
    right = SchemaWatcher(engine, base, config=False).check()
    told = SchemaWatcher(engine, base, config=False, database="another").check()
    same = SchemaWatcher(engine, base, config=False, database=right.database_uuid).check()
    engine.dispose()

    assert right.ok
    assert same.ok
    assert told.wrong_database


def test_password_is_in_no_message(tmp_path: Path) -> None:
    url = sa.make_url("postgresql+psycopg://user:s3cret@127.0.0.1:1/nowhere")
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    watcher = SchemaWatcher(engine, build_models().base, config=False)
    with watcher:
        assert watcher.report is not None
        assert watcher.report.state == "unknown"
        assert "s3cret" not in str(watcher.report.to_dict())
    engine.dispose()
