"""Scenarios, grids and territories shipped with mixite, as data."""
