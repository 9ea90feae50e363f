"""Settings: one typed object, read from two places, with errors that name the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_guard.settings import Settings, find_settings, read_settings
from alembic_guard.usage import UsageError


def test_the_ini_file_wins_over_pyproject(tmp_path: Path) -> None:
    """Both files may be there; alembic.ini is the more specific one."""
    (tmp_path / "pyproject.toml").write_text('[tool.alembic_guard]\nrenames = "off"\n')
    (tmp_path / "alembic.ini").write_text("[alembic_guard]\nrenames = likely\n")

    assert find_settings(tmp_path).renames == "likely"


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    """A project without our settings is guarded with the safe choices."""
    assert read_settings(ini_file=tmp_path / "none.ini") == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[alembic_guard]\nrename = ask\n", "unknown setting 'rename'; did you mean 'renames'?"),
        ("[alembic_guard]\nrenames = maybe\n", "it can be 'certain', 'likely', 'ask', 'off'"),
    ],
)
def test_a_bad_setting_is_an_error_that_names_the_way_out(
    tmp_path: Path, text: str, message: str
) -> None:
    """Unknown keys name the nearest known one, bad values the possible ones."""
    ini_file = tmp_path / "alembic.ini"
    ini_file.write_text(text)

    with pytest.raises(UsageError, match=r"alembic\.ini") as error:
        read_settings(ini_file=ini_file)
    assert message in str(error.value)


def test_a_broken_pyproject_is_named(tmp_path: Path) -> None:
    """Invalid TOML says which file, and where in it."""
    (tmp_path / "pyproject.toml").write_text("[tool.alembic_guard\n")

    with pytest.raises(UsageError, match=r"pyproject\.toml is not valid TOML"):
        find_settings(tmp_path)
