# A configuration for several databases, guarded.

[alembic]
# path to migration scripts, relative to the token %(here)s, which refers to
# the location of this ini file
script_location = ${script_location}

# prepended to sys.path; the default is the current working directory
prepend_sys_path = .

# how lists of paths are split in this file: os means os.pathsep
path_separator = os

# every other option of Alembic may stand here, see
# https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file

databases = engine1, engine2

[engine1]
sqlalchemy.url = driver://user:pass@localhost/dbname

[engine2]
sqlalchemy.url = driver://user:pass@localhost/dbname2

[alembic_guard]
# how sure a rename must be before it is planned unasked:
# certain, likely, ask (default) or off
renames = ask

[post_write_hooks]
# review each new revision at birth
# hooks = guard
# guard.type = console_scripts
# guard.entrypoint = alembic-guard
# guard.options = review REVISION_SCRIPT_FILENAME

# Logging configuration.  This is also consumed by the user-maintained
# env.py script only.
[loggers]
keys = root,sqlalchemy,alembic,alembic_guard

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[logger_alembic_guard]
level = INFO
handlers =
qualname = alembic_guard

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
