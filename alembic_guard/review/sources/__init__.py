"""Reading revisions: a static interpreter that runs none of the project's code."""
