"""Readers and writers of real files: canonical tables and TOML, every fault reported at once."""
