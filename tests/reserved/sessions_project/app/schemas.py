"""What the API says about a session: its field names are a contract with clients."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class SessionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    metadata: dict[str, Any] | None = None
