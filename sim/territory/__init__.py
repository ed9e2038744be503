"""What exists: residences, dwellings, occupants and demands as columns; synthetic territories; readers of files."""
