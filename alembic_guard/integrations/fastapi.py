"""FastAPI: as Starlette, which it is.

::

    app = FastAPI()
    init_app(app, SchemaWatcher(engine, Base))
"""

from __future__ import annotations

from .starlette import SchemaMiddleware, init_app, lifespan, ready_endpoint

__all__ = ["SchemaMiddleware", "init_app", "lifespan", "ready_endpoint"]
