from alembic import context
from sqlalchemy import create_engine, pool

from alembic_guard import Guard

config = context.config
guard = Guard.from_config(config)
target_metadata = guard.load_metadata("app.models:Base")

if context.is_offline_mode():
    guard.run_migrations(
        context, url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata
    )
else:
    engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        guard.run_migrations(context, connection=connection, target_metadata=target_metadata)
