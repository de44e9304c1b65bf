"""The door for providers: each request is checked, stored or answered, never redirected, never trusted before."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from webhooks import mail, media, stripe, twilio


def register(app: Flask) -> None:
    """Answer /hooks/… of `app` here, past everything that belongs to pages: cookies, log-in, forgery tokens, limits."""
    hooks = Flask("webhooks", static_folder=None)
    hooks.register_blueprint(twilio.door)
    hooks.register_blueprint(mail.door)
    hooks.register_blueprint(stripe.door)
    hooks.register_blueprint(media.door)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/hooks": hooks})  # type: ignore[method-assign]  # as Flask's manual says
