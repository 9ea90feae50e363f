"""Tables of the sessions service."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """All tables hang on Base.metadata."""


class SessionRecord(Base):
    """One session; `metadata` is whatever the client sends along."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    metadata: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # free-form

    events: Mapped[list[EventRecord]] = relationship(back_populates="session")

    def tags(self) -> list[str]:
        return list((self.metadata or {}).get("tags", []))


class EventRecord(Base):
    """Something that happened in a session. Its column keeps the name, the attribute not."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", JSON)

    session: Mapped[SessionRecord] = relationship(back_populates="events")
