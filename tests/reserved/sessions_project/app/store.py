"""What the service does with sessions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from app.models import Base, EventRecord, SessionRecord


def create_schema(engine: Any) -> None:
    Base.metadata.create_all(engine)


class SessionStore:
    """CRUD over sessions."""

    def __init__(self, db: Session) -> None:
        self.db = db

    def open(self, user_id: int, title: str, metadata: dict[str, Any] | None) -> SessionRecord:
        record = SessionRecord(user_id=user_id, title=title, metadata=metadata)
        self.db.add(record)
        self.db.flush()
        return record

    def open_many(self, rows: list[tuple[int, str]]) -> None:
        self.db.execute(
            insert(SessionRecord),
            [{"user_id": user, "title": title, "metadata": {"bulk": True}} for user, title in rows],
        )

    def get(self, session_id: int) -> SessionRecord | None:
        return self.db.get(SessionRecord, session_id)

    def annotate(self, session_id: int, **values: Any) -> SessionRecord:
        record = self.get(session_id)
        assert record is not None
        record.metadata = {**(record.metadata or {}), **values}
        self.db.flush()
        return record

    def clear(self, session_id: int) -> None:
        self.db.execute(
            update(SessionRecord).where(SessionRecord.id == session_id).values(metadata={})
        )

    def annotated(self) -> list[SessionRecord]:
        query = select(SessionRecord).where(SessionRecord.metadata.is_not(None))
        return list(self.db.scalars(query.order_by(SessionRecord.id)))

    def without_annotations(self) -> int:
        query = select(func.count()).select_from(SessionRecord)
        return self.db.scalar(query.where(SessionRecord.metadata.is_(None))) or 0

    def value_of(self, session_id: int, key: str) -> Any:
        record = self.db.scalars(select(SessionRecord).filter_by(id=session_id)).one()
        return (record.metadata or {}).get(key)

    def raw_rows(self) -> list[dict[str, Any]]:
        rows = self.db.execute(text("SELECT id, metadata FROM sessions ORDER BY id"))
        return [{"id": row.id, "metadata": row.metadata} for row in rows]

    def joined(self) -> list[tuple[SessionRecord, EventRecord]]:
        query = select(SessionRecord, EventRecord).join(EventRecord.session)
        found = []
        for record, event in self.db.execute(query):
            found.append((record.metadata, event.metadata_))
        return found


def describe(record: SessionRecord) -> dict[str, Any]:
    return {"id": record.id, "title": record.title, "metadata": record.metadata}
