"""How is the concertation on residences prepared, read back and told, each time to whom it may be?"""
