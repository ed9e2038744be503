"""What exists: residences, dwellings, occupants, demands as columns; synthetic territories; files."""
