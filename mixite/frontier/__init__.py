"""The trade-off between delays and where households live: the targets played from none to strong ones."""
