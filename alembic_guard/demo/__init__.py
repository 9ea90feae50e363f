"""The two stories of the documentation, played with real files, processes and databases."""
