"""Fuzzing by hand: ``make fuzz``. The laws are those of the tests, which keep what was found."""
