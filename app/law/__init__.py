"""The rules of 依法控辍 as pure functions and values; no file, clock or framework comes in here."""
