from alembic_guard.cli import script

script()
