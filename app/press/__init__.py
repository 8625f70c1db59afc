"""The press: a door for web, worker and command line behind which LibreOffice stands. Holds no register, key or network."""
