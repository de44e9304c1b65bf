"""The whole carrier as one value, and how a request handler gets at it."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.cards.office import Office, open_office
from sandbox.core import Core, build_core
from sandbox.inbound import Inbound
from sandbox.post_office import PostOffice
from sandbox.settings import Settings
from sandbox.switchboard import Switchboard
from sandbox.texting import Texting


@dataclass
class World:
    core: Core
    inbound: Inbound
    texting: Texting
    board: Switchboard
    post: PostOffice
    cards: Office


WORLD = web.AppKey("world", World)


def build_world(settings: Settings) -> World:
    core = build_core(settings)
    inbound = Inbound(core)
    return World(core, inbound, Texting(core, inbound), Switchboard(core), PostOffice(core), open_office(core))


def world(request: web.Request) -> World:
    return request.app[WORLD]
