"""The application for Flask's command line and for gunicorn."""

from app import create_app
from app.cli import add_commands

app = create_app()
add_commands(app)
