"""The second reader: run `upgrade()` and `downgrade()` without a database and note the SQL.

It runs in a process of its own, because it runs the project's code. What it sees takes the
place of what the static reader could not know. The modules that process needs import none of
the first reader's, and the other way round.
"""
