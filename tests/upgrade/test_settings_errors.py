"""A bad setting is one line of `alembic`, not a traceback, and shows no password."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_guard.errors import GuardError, SettingsError
from alembic_guard.guard import Guard
from alembic_guard.settings import Settings
from alembic_guard.usage import UsageError
from tests.upgrade.project import Project


def project(folder: Path, settings: str = "") -> Project:
    return Project(folder, sa.make_url(f"sqlite:///{folder}/app.db"), settings=settings)


@pytest.mark.parametrize(
    ("settings", "arguments", "said"),
    [
        ("mode = paus", (), "mode is 'paus'; it can be 'auto', 'announce'"),
        ("lock_wiat = 3", (), "unknown setting 'lock_wiat'; did you mean 'lock_wait'?"),
        ("channels = redis://:s3%40cret@host", (), "a % is written %%"),
        ("", ("-x", "lock-wait=soon"), "-x: lock_wait is 'soon', which is not a float"),
    ],
    ids=["value", "key", "percent", "x-argument"],
)
def test_alembic_says_failed_and_what(
    settings: str, arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    process = project(tmp_path, settings).spawn(*arguments, "upgrade", "head")
    output = "".join(process.communicate(timeout=60))

    assert process.returncode != 0
    assert "FAILED: " in output
    assert said in output.replace("\n", " ")
    assert "Traceback" not in output
    assert "cret@host" not in output


def test_the_error_has_its_key_and_source(tmp_path: Path) -> None:
    config = project(tmp_path, "render = pretty").config()
    with pytest.raises(SettingsError, match="render is 'pretty'") as caught:
        Guard.from_config(config)

    assert isinstance(caught.value, GuardError)
    assert caught.value.key == "render"
    assert caught.value.source.startswith("[alembic_guard] in ")


def test_a_malformed_list_of_urls_is_not_shown(tmp_path: Path) -> None:
    values = {"channels": ["redis://:s3cret@host", 7]}
    with pytest.raises(UsageError, match="channels is a value with a URL") as caught:
        Settings().merged(values, "pyproject.toml")

    assert "s3cret" not in str(caught.value)
