"""The door for work that happens after the commit."""
