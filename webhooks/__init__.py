"""The door for providers: each request is checked, stored or answered, never redirected, never trusted before."""

from flask import Flask

from webhooks import twilio


def register(app: Flask) -> None:
    """Add the providers' addresses to `app`."""
    app.register_blueprint(twilio.door)
