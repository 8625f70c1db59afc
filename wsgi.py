"""The application for Flask's command line and for gunicorn."""

from app import create_app
from app.outside import umask

umask.keep_private()
app = create_app()
