from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config
from sqlalchemy import pool

from alembic_guard import Guard

# this is the Alembic Config object, which provides
# access to the values within the .ini file in use.
config = context.config

# Interpret the config file for Python logging.
if config.config_file_name is not None:
    fileConfig(config.config_file_name)

# autogenerate plugins, lock, ledger and announcements, as [alembic_guard] says
guard = Guard.from_config(config)

# add your model's MetaData object here for 'autogenerate' support;
# load_metadata explains an import that dies of a reserved name
# target_metadata = guard.load_metadata("myapp.models:Base")
target_metadata = None


def run_migrations_offline() -> None:
    """Write the SQL of the migrations to standard output: `alembic upgrade head --sql`."""
    guard.run_migrations(
        context,
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )


def run_migrations_online() -> None:
    """Run the migrations on a connection."""
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )

    with connectable.connect() as connection:
        guard.run_migrations(
            context, connection=connection, target_metadata=target_metadata
        )


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
