"""Does a simulated territory look like what is published of the real ones, where nothing was fitted to it?"""

from mixite.validation.validating import as_json, validate

__all__ = ["as_json", "validate"]
