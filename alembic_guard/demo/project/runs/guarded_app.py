"""The same service with a watcher: two lines."""

from app import app, engine
from models import Base

from alembic_guard.integrations.fastapi import init_app
from alembic_guard.live import SchemaWatcher

watcher = SchemaWatcher(engine, Base)
init_app(app, watcher)
