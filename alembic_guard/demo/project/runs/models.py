"""The model is current: it has `chat_session_id`."""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class CrucibleRun(Base):
    __tablename__ = "crucible_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    chat_session_id: Mapped[str | None] = mapped_column(String(40))
