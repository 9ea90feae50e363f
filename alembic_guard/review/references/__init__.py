"""Who still uses a name that a migration takes away: models and SQL text of the repository."""
