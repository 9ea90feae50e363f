"""Uses in Python: certain ones are rewritten, probable ones listed, others left."""

from __future__ import annotations

import textwrap

import pytest

from tests.fix.project import MODELS, plan, use

CERTAIN = {
    "class attribute": "SessionRecord.metadata",
    "through the module": "models.SessionRecord.metadata",
    "alias of an import": "SR.metadata",
    "subclass": "ChatSession.metadata",
    "constructor keyword": "SessionRecord(id=1, metadata={})",
    "constructor of a subclass": "ChatSession(metadata={})",
    "constructor with a dictionary": 'SessionRecord(**{"metadata": 1})',
    "new instance": "SessionRecord().metadata",
    "select": "select(SessionRecord.metadata).where(SessionRecord.metadata != None)",
    "filter_by": "select(SessionRecord).filter_by(metadata=1)",
    "query": "db.query(SessionRecord).filter_by(metadata=1).first().metadata",
    "flask query": "SessionRecord.query.filter_by(metadata=1).first().metadata",
    "order_by string": 'select(SessionRecord).order_by("metadata")',
    "order_by desc string": 'select(SessionRecord).order_by(desc("metadata"))',
    "get": "db.get(SessionRecord, 1).metadata",
    "scalar": "db.scalar(select(SessionRecord)).metadata",
    "scalars one": "db.scalars(select(SessionRecord).limit(1)).one().metadata",
    "execute scalar": "db.execute(select(SessionRecord)).scalar_one().metadata",
    "execute row": "db.execute(select(SessionRecord, Event)).first()[0].metadata",
    "list element": "db.scalars(select(SessionRecord)).all()[0].metadata",
    "comprehension": "[r.metadata for r in db.scalars(select(SessionRecord)) if r.metadata]",
    "nested comprehension": "{r.id: r.metadata for r in list(db.scalars(select(SessionRecord)))}",
    "getattr": 'getattr(SessionRecord(), "metadata")',
    "setattr on the class": 'setattr(SessionRecord, "metadata", 1)',
    "hasattr": "hasattr(SessionRecord(), 'metadata')",
    "update values": "update(SessionRecord).where(SessionRecord.id == 1).values(metadata=None)",
    "update mapping": 'update(SessionRecord).values({"metadata": None})',
    "query update": 'db.query(SessionRecord).update({"metadata": None})',
    "insert rows": 'db.execute(insert(SessionRecord), [{"id": 1, "metadata": 1}])',
    "bulk insert": 'db.bulk_insert_mappings(SessionRecord, [{"metadata": 1}])',
    "returning": "db.scalars(insert(SessionRecord).returning(SessionRecord)).one().metadata",
    "table columns": "SessionRecord.__table__.c.metadata",
    "table columns by key": 'SessionRecord.__table__.c["metadata"]',
    "aliased": "aliased(SessionRecord).metadata",
    "load_only": "select(SessionRecord).options(load_only(SessionRecord.metadata))",
    "relationship": "Event().session.metadata",
    "relationship list": "SessionRecord().events[0].session.metadata",
    "cast": "cast(SessionRecord, x).metadata",
    "either": "(SessionRecord() if x else ChatSession.metadata)",
    "not-none or": "(db.get(SessionRecord, 1) or SessionRecord()).metadata",
    "f-string": 'f"{SessionRecord().metadata}"',
    "foreign key": 'ForeignKey("sessions.metadata")',
    "lambda": "(lambda: SessionRecord.metadata)",
}  # fmt: skip


@pytest.mark.parametrize("code", CERTAIN.values(), ids=CERTAIN)
def test_certain_uses_are_rewritten(code: str) -> None:
    after, outcome = use(f"x = {code}\n")

    assert after == f"x = {code.replace('metadata', 'session_metadata')}\n"
    assert not [item for item in outcome.listed if item.path == "app/use.py"]


FUNCTIONS = {
    "parameter": "def f(r: SessionRecord):\n    return r.metadata\n",
    "optional parameter": "def f(r: Optional[SessionRecord] = None):\n    return r and r.metadata\n",
    "union parameter": "def f(r: 'SR | None'):\n    return r.metadata\n",
    "list parameter": "def f(rs: list[SessionRecord]):\n    for r in rs:\n        r.metadata = 1\n",
    "dict parameter": "def f(rs: dict[str, SessionRecord]):\n    for r in rs.values():\n        r.metadata\n",
    "result of a function": "def g() -> SessionRecord: ...\ndef f():\n    r = g()\n    return r.metadata\n",
    "result of a method": "class S:\n    def get(self) -> SR: ...\n    def f(self):\n        return self.get().metadata\n",
    "own attribute": "class S:\n    def __init__(self, r: SessionRecord):\n        self.r = r\n    def f(self):\n        return self.r.metadata\n",
    "annotated attribute": "class S:\n    r: SessionRecord\ndef f(s: S):\n    return s.r.metadata\n",
    "awaited": "async def f(db):\n    r = await db.get(SessionRecord, 1)\n    return r.metadata\n",
    "async result": "async def f(db):\n    rows = await db.execute(select(SessionRecord))\n    return [r.metadata for r in rows.scalars()]\n",
    "part of a pair": "def g() -> tuple[SessionRecord, str]: ...\ndef f():\n    r, s = g()\n    return r.metadata, g()[0].metadata\n",
    "endless tuple": "def g() -> tuple[SessionRecord, ...]: ...\ndef f():\n    return [r.metadata for r in g()]\n",
    "walrus": "def f(db):\n    if (r := db.get(SessionRecord, 1)) is not None:\n        return r.metadata\n",
    "tuple of a row": "def f(db):\n    for r, e in db.execute(select(SessionRecord, Event)):\n        r.metadata, e.id\n",
    "both branches": "def f(db, x):\n    if x:\n        r = SessionRecord()\n    else:\n        r = db.get(SessionRecord, 1)\n    r.metadata = 1\n",
    "none first": "def f(db):\n    r = None\n    r = db.get(SessionRecord, 1)\n    return r.metadata\n",
    "closure": "def f(r: SessionRecord):\n    def g():\n        return r.metadata\n    return g\n",
    "augmented": "def f(r: SessionRecord):\n    r.metadata |= {}\n",
    "deleted": "def f(r: SessionRecord):\n    del r.metadata\n",
    "copy": "def f(r: SessionRecord):\n    return copy.copy(r).metadata\n",
}  # fmt: skip


@pytest.mark.parametrize("code", FUNCTIONS.values(), ids=FUNCTIONS)
def test_types_are_followed(code: str) -> None:
    after, _ = use(code)

    assert after == code.replace("metadata", "session_metadata")


LISTED = {
    "untyped parameter": "def f(r):\n    return r.metadata\n",
    "two types": "def f(x):\n    r = SessionRecord()\n    r = Plain()\n    return r.metadata\n",
    "one unknown assignment": "def f(x):\n    r = SessionRecord()\n    r = x()\n    return r.metadata\n",
    "other part of a pair": "def g() -> tuple[SessionRecord, X]: ...\ndef f():\n    return g()[1].metadata\n",
    "empty tuple": "def g() -> tuple[()]: ...\ndef f():\n    return g().metadata\n",
    "keyword of an unknown call": "def f(g):\n    return g(metadata=1)\n",
    "key of some dictionary": 'def f(d):\n    return d["metadata"]\n',
    "filter_by after a join": "x = select(SessionRecord).join(Event).filter_by(metadata=1)\n",
    "a base class": "def f(r: Base):\n    if isinstance(r, SessionRecord):\n        return r.metadata\n",
    "caught name": "def f():\n    r = SessionRecord()\n    try:\n        pass\n    except E as r:\n        r.metadata\n",
    "setattr of an unknown": 'def f(r):\n    setattr(r, "metadata", 1)\n',
}  # fmt: skip


@pytest.mark.parametrize("code", LISTED.values(), ids=LISTED)
def test_probable_uses_are_listed_and_left(code: str) -> None:
    after, outcome = use(code)
    listed = [item for item in outcome.listed if item.path == "app/use.py"]

    assert after == code
    assert [item.probable for item in listed] == [True]
    assert "metadata" in listed[0].text


OTHERS = {
    "the MetaData": "Base.metadata.create_all(x)\n",
    "another class": "x = Plain().metadata\n",
    "another model's attribute": "x = Event(metadata_='x').metadata_\n",
    "a comment": "x = 1  # metadata\n",
    "a docstring": 'def f():\n    """The metadata."""\n',
    "a parameter": "def f(metadata):\n    return 1\n",
}


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS)
def test_other_meanings_are_left(code: str) -> None:
    after, outcome = use(code)

    assert after == code
    assert not [item for item in outcome.listed if item.path == "app/use.py" and item.probable]


def test_an_equal_name_from_elsewhere_is_not_ours() -> None:
    """A class of another library that has the model's name is not the model."""
    code = textwrap.dedent("""\
        from other_library import SessionRecord
        x = SessionRecord.metadata
        """)
    after, _ = use(code)

    assert after == code


def test_formatting_comments_and_line_ends_stay() -> None:
    code = "x  =  SessionRecord . metadata  # é ü\r\ny = (SessionRecord\r\n     .metadata)\r\n"
    after, _ = use(code)

    assert after == code.replace("metadata", "session_metadata")


REASONS = {
    'getattr(x, "metadata")': "a string that may mean the attribute",
    "make(metadata=1)": "what is called is not certain",
    "x.metadata": "its type is not certain",
}


@pytest.mark.parametrize(("code", "reason"), REASONS.items())
def test_what_is_listed_says_why(code: str, reason: str) -> None:
    _, outcome = use(f"def f(x, make):\n    return {code}\n")

    assert [item.reason for item in outcome.listed if item.path == "app/use.py"] == [reason]


CONSTRUCTORS = {
    "of its own": ("def __init__(self, metadata): self.metadata = metadata", "metadata", False),
    "that takes anything": ("def __init__(self, **kw): super().__init__(**kw)", "metadata", True),
    "inherited": ("pass", "session_metadata", False),
}


@pytest.mark.parametrize(("body", "after", "listed"), CONSTRUCTORS.values(), ids=CONSTRUCTORS)
def test_a_constructor_written_by_hand_keeps_its_parameters(
    body: str, after: str, listed: bool
) -> None:
    """Only Declarative's own constructor takes the attributes by their names."""
    models = MODELS.replace("class ChatSession(SessionRecord):\n    pass", (
        f"class ChatSession(SessionRecord):\n    {body}"))  # fmt: skip
    code = "from app.models import ChatSession\nx = ChatSession(metadata=1)\n"
    outcome = plan({"app/use.py": code}, models=models)

    assert f"ChatSession({after}=1)" in outcome.changed.get("app/use.py", code)
    assert listed is any(item.probable for item in outcome.listed if item.path == "app/use.py")
