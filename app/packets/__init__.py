"""The craft of PDF files that leave the house: cover, index, bookmarks, seals, signature, check."""
