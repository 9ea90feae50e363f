import logging
import re
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
logger = logging.getLogger("alembic.env")

# autogenerate plugins, lock, ledger and announcements, as [alembic_guard] says
guard = Guard.from_config(config)

# the section names of the databases, such as "engine1, engine2"
db_names = re.split(r",\s*", config.get_main_option("databases", ""))

# add your models' MetaData objects here for 'autogenerate' support, one a
# database, each holding just the tables of that database
# target_metadata = {
#     "engine1": guard.load_metadata("myapp.models:Base1"),
#     "engine2": guard.load_metadata("myapp.models:Base2"),
# }
target_metadata = {}


def run_migrations_offline() -> None:
    """Write the SQL of each database's migrations to a file of its own."""
    for name in db_names:
        logger.info("Writing the SQL of %s to %s.sql", name, name)
        with open(f"{name}.sql", "w") as buffer:
            guard.run_migrations(
                context,
                url=config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=buffer,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
                migration_args={"engine_name": name},
            )


def run_migrations_online() -> None:
    """Migrate one database after the other, each in a transaction of its own."""
    for name in db_names:
        logger.info("Migrating database %s", name)
        connectable = engine_from_config(
            config.get_section(name, {}),
            prefix="sqlalchemy.",
            poolclass=pool.NullPool,
        )
        with connectable.connect() as connection:
            guard.run_migrations(
                context,
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=target_metadata.get(name),
                migration_args={"engine_name": name},
            )


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
