"""The application for Flask's command line and for gunicorn."""

from app import create_app

app = create_app()
