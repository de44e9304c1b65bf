"""The limit's web program under the server that the product uses."""

from a2wsgi import WSGIMiddleware

from tests.bench.limit import create

asgi = WSGIMiddleware(create(), workers=16)  # type: ignore[arg-type]
