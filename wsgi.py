"""Where the edges meet: `app` is plain WSGI; `asgi` adds live pages on the same port."""

from __future__ import annotations

import gc

from a2wsgi import WSGIMiddleware

import webhooks
from blueprints_ui.app import create_app
from blueprints_ui.live_hub import Hub
from groundwork import config, log
from hallway import sending

settings = config.settings()
log.configure(json=settings.production)
app = create_app(settings)
webhooks.register(app)
sending.send_at_once(hands=2)
asgi = Hub(settings, WSGIMiddleware(app, workers=16))  # type: ignore[arg-type]  # Flask says dict, a2wsgi a TypedDict
gc.collect()
gc.freeze()  # what was loaded stays; looking through it again and again would be a caller's wait
