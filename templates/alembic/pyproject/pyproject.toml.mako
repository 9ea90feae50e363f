[tool.alembic]
# path to migration scripts, relative to the token %(here)s, which refers to
# the location of this file
script_location = "${script_location}"

# prepended to sys.path; the default is the current working directory
prepend_sys_path = [
    "."
]

[tool.alembic_guard]
# how sure a rename must be before it is planned unasked:
# certain, likely, ask (default) or off
renames = "ask"
