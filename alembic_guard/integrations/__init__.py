"""Thin mirrors for web frameworks, all with the verbs `init_app` and `lifespan`."""
