"""The machine's own print shop: fills templates and drives LibreOffice; knows neither register nor key."""
