"""What databases do, as data and pure functions that several rules ask."""
