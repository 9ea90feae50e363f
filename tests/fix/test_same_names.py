"""Two classes of one name: each file says which one it means, or nothing is certain there."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_guard.cli import main
from alembic_guard.usage import UsageError
from tests.fix.project import plan

AUDIT = """\
from app.base import Base
from sqlalchemy.orm import Mapped, mapped_column

class Record(Base):
    __tablename__ = "audit_records"
    id: Mapped[int] = mapped_column(primary_key=True)
    metadata_: Mapped[str] = mapped_column("metadata")

    @property
    def parent(self) -> "Record": ...
"""
CHAT = """\
from app.base import Base
from sqlalchemy.orm import Mapped, mapped_column

class Record(Base):
    __tablename__ = "chat_records"
    id: Mapped[int] = mapped_column(primary_key=True)
    metadata: Mapped[str]

    @property
    def parent(self) -> "Record": ...

    def text(self) -> str:
        return self.metadata + self.parent.metadata
"""
BASE = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n"


def _use(code: str, **more: str) -> tuple[str, list[str]]:
    """app/use.py after `fix`, and its lines that are to be looked at."""
    files = {
        "app/base.py": BASE,
        "app/__init__.py": "",
        "app/audit/models.py": AUDIT,
        "app/audit/__init__.py": "from .models import Record\n",
        "app/chat/models.py": CHAT,
        "app/chat/__init__.py": "from .models import Record\n",
        "app/use.py": code,
        **more,
    }
    outcome = plan(files, models="")
    listed = [item.text for item in outcome.listed if item.path == "app/use.py" and item.probable]
    return outcome.changed.get("app/use.py", code), listed


CERTAIN = {
    "from its module": "from app.chat.models import Record\n",
    "through its package": "from app.chat import Record\n",
    "relative": "from .chat import Record\n",
    "by another name": "from app.audit import Record as Audit\nfrom app.chat import Record\n",
}


@pytest.mark.parametrize("head", CERTAIN.values(), ids=CERTAIN)
def test_the_import_tells_which_class_it_is(head: str) -> None:
    code = f"{head}x = Record(metadata=1).metadata\ndef f(r: Record):\n    r.parent.metadata\n"
    after, listed = _use(code)

    assert after == code.replace("metadata", "record_metadata")
    assert listed == []


def test_the_other_class_is_left() -> None:
    code = "from app.audit import Record\nx = Record().metadata\ny: Record\ny.metadata\n"
    after, listed = _use(code)

    assert after == code
    assert listed == []


UNCERTAIN = {
    "both": "from app.chat import Record\ndef f():\n    from app.audit import Record\n",
    "neither": "import app\nRecord = app.chat.Record\n",
    "through a module": "from app import chat\ndef f(r: chat.Record): r.metadata\nRecord = chat.Record\n",
}


@pytest.mark.parametrize("head", UNCERTAIN.values(), ids=UNCERTAIN)
def test_otherwise_the_use_is_listed(head: str) -> None:
    code = f"{head}x = Record().metadata\n"
    after, listed = _use(code)

    assert after == code
    assert "x = Record().metadata" in listed


def test_inside_the_class_itself_is_certain() -> None:
    outcome = plan({"app/base.py": BASE, "app/audit.py": AUDIT, "app/chat.py": CHAT}, models="")

    assert list(outcome.changed) == ["app/chat.py"]
    assert (
        "return self.record_metadata + self.parent.record_metadata"
        in (outcome.changed["app/chat.py"])
    )


def test_two_in_one_file_are_not_told_apart_but_the_right_one_is_declared_anew() -> None:
    both = CHAT + AUDIT.partition("\n\n")[2] + "x = Record().metadata\n"
    outcome = plan({"app/base.py": BASE, "app/both.py": both}, models="")
    text = outcome.changed["app/both.py"]

    assert text.count("    record_metadata: Mapped[str]\n") == 1
    assert 'metadata_: Mapped[str] = mapped_column("metadata")' in text
    assert "x = Record().metadata\n" in text
    assert [item for item in outcome.listed if "x = Record" in item.text and item.probable]


@pytest.mark.parametrize(
    "name",
    ["app.chat.models.Record.metadata", "chat_records.metadata", "chat.models.Record.metadata"],
)
def test_module_or_table_say_which_one_is_meant(name: str) -> None:
    files = {"app/base.py": BASE, "app/audit/models.py": AUDIT, "app/chat/models.py": CHAT}
    outcome = plan(files, f"{name}:extra", models="")

    assert list(outcome.changed) == ["app/chat/models.py"]


def test_a_name_of_two_models_is_asked_about() -> None:
    files = {"app/base.py": BASE, "app/audit/models.py": AUDIT, "app/chat/models.py": CHAT}

    with pytest.raises(UsageError, match=r"app\.audit\.models\.Record .*app\.chat\.models\.Record"):
        plan(files, "Record.metadata:extra", models="")


def test_names_reports_each_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("audit", "chat"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "models.py").write_text(CHAT.replace("chat_", f"{folder}_"))
    (tmp_path / "base.py").write_text(BASE)

    assert main(["names", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert f"{tmp_path / 'audit' / 'models.py'}:7:5: error GRD001" in text
    assert f"{tmp_path / 'chat' / 'models.py'}:7:5: error GRD001" in text
    assert "2 finding(s)" in text
