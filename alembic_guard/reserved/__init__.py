"""Which names hurt, where, how badly, and what to call them instead."""
