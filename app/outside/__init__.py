"""One file for each thing we do not control: clock, disk, fonts, LibreOffice, keys."""
