"""Synthetic territories that carry published margins."""
