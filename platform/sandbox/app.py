"""The web application: Twilio's products, the controls and the page, all on one port."""

from collections.abc import AsyncIterator, Callable

from aiohttp import web

from sandbox import (
    account_api,
    available_api,
    brand_api,
    call_api,
    call_control,
    clock_api,
    control,
    lookup_api,
    mail_api,
    message_api,
    number_api,
    page,
    pricing_api,
    recording_api,
    service_api,
    site,
    toll_free_api,
    trusthub_api,
)
from sandbox.cards import api as cards_api
from sandbox.cards import checkout as cards_checkout
from sandbox.cards import controls as cards_controls
from sandbox.cards import pages as cards_pages
from sandbox.guard import api_requests, controls
from sandbox.settings import Settings
from sandbox.world import WORLD, World, build_world

LARGEST_UPLOAD = 16 * 1024 * 1024
# The busiest first: routes with the same beginning are tried in order.
PARTS = (
    message_api, call_api, recording_api, number_api, available_api, account_api, service_api, lookup_api, pricing_api,
    trusthub_api, brand_api, toll_free_api,
    control, call_control, clock_api, mail_api, cards_api, cards_checkout, cards_pages, cards_controls, site, page,
)  # fmt: skip


def build_app(settings: Settings) -> web.Application:
    app = web.Application(middlewares=[controls, api_requests], client_max_size=LARGEST_UPLOAD)
    for part in PARTS:
        app.add_routes(part.routes)
    app.cleanup_ctx.append(_living(settings))
    return app


def _living(settings: Settings) -> Callable[[web.Application], AsyncIterator[None]]:
    async def live(app: web.Application) -> AsyncIterator[None]:
        here = build_world(settings)
        app[WORLD] = here
        await here.core.webhooks.open()
        await here.post.open()
        await here.cards.open()
        _resume(here)
        yield
        await here.cards.close()
        await here.post.close()
        await here.board.close()
        await here.texting.close()
        await here.core.outbox.close()
        await here.core.webhooks.close()
        here.core.store.close()

    return live


def _resume(here: World) -> None:
    """Take up what a stop or a kill interrupted."""
    here.core.outbox.resume()
    here.texting.resume()
    here.board.resume()
