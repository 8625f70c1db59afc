"""The craft of papers: declarations, values, templates, read-back."""
