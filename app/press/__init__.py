"""The press: the door behind which LibreOffice stands. It holds no register, no key and no network."""
