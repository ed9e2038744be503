"""The front door: command line, comparison of policies, report."""

__version__ = "0.1.0"
