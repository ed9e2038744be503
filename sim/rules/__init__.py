"""What the law and the local agreements say."""
