"""The runs service: FastAPI and SQLAlchemy, nothing of ours."""

import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from models import CrucibleRun
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

engine = create_engine(os.environ["DATABASE_URL"])
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])


@app.get("/runs")
def list_runs() -> list[dict]:
    with Session(engine) as session:
        runs = session.scalars(select(CrucibleRun).order_by(CrucibleRun.id))
        return [{"id": run.id, "status": run.status, "chat": run.chat_session_id} for run in runs]


@app.post("/runs")
def start_run(chat: str) -> dict:
    with Session(engine) as session:
        run = CrucibleRun(status="started", chat_session_id=chat)
        session.add(run)
        session.commit()
        return {"id": run.id}
