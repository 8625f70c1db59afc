"""What officials do: one verb, one file, one transaction."""
