"""The craft of statistics sheets (xlsx)."""
