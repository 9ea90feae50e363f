"""Review: what a migration will do to the data, the locks and the code that is running."""
