"""What the service remembers: tables with their queries, one noun a file; the only SQL."""
