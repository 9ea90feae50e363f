"""The sessions service: FastAPI and SQLAlchemy, nothing of ours."""

import datetime
import json
import os

from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from models import SessionRecord
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

engine = create_engine(
    os.environ["DATABASE_URL"], json_serializer=lambda value: json.dumps(value, default=str)
)
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])


@app.get("/sessions/{session_id}")
def read_session(session_id: int) -> dict:
    with Session(engine) as session:
        record = session.get(SessionRecord, session_id)
        if record is None:
            raise HTTPException(404)
        return {"id": record.id, "channel": record.channel, "metadata": record.session_metadata}


@app.get("/sessions")
def count_sessions(channel: str) -> dict:
    with Session(engine) as session:
        query = select(func.count()).where(
            SessionRecord.channel == channel, SessionRecord.session_metadata.is_not(None)
        )
        return {"count": session.scalar(query)}


@app.post("/sessions")
def open_session(note: str) -> dict:
    with Session(engine) as session:
        opened = datetime.datetime.now(datetime.timezone.utc)
        record = SessionRecord(channel="load", session_metadata={"note": note, "opened": opened})
        session.add(record)
        session.commit()
        return {"id": record.id}
