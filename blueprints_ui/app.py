"""The web application: pages, their guard, and what every request needs."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints_ui.agencies import AGENCIES
from blueprints_ui.agency import agency
from blueprints_ui.agency_billing import agency_billing
from blueprints_ui.appointment_import import appointment_import
from blueprints_ui.appointments import appointments
from blueprints_ui.attaching import attaching
from blueprints_ui.auth import auth
from blueprints_ui.bulk import bulk
from blueprints_ui.calendar_feed import calendar_feed
from blueprints_ui.contacts import contacts
from blueprints_ui.customer_lists import customer_lists
from blueprints_ui.errors import set_up_errors
from blueprints_ui.estimates import estimate_pages
from blueprints_ui.everything import everything
from blueprints_ui.filters import set_up_filters
from blueprints_ui.follow_up import follow_up
from blueprints_ui.guard import set_up_log_in
from blueprints_ui.home import home
from blueprints_ui.inbox import inbox
from blueprints_ui.labelling import labelling
from blueprints_ui.later import later
from blueprints_ui.layout import set_up_layout
from blueprints_ui.leaks import leaks
from blueprints_ui.live import live
from blueprints_ui.merging import merging
from blueprints_ui.notes import notes
from blueprints_ui.operations import operations
from blueprints_ui.own_address import own_address
from blueprints_ui.plain_words import plain_words
from blueprints_ui.presence import presence
from blueprints_ui.proving import proving
from blueprints_ui.requests import set_up_requests
from blueprints_ui.search import search
from blueprints_ui.second_step import second_step
from blueprints_ui.security import set_up_security
from blueprints_ui.sequences import SEQUENCES
from blueprints_ui.settings import SETTINGS
from blueprints_ui.setup import SETUP
from blueprints_ui.single_sign_on import single_sign_on
from blueprints_ui.snoozing import snoozing
from blueprints_ui.standing import standing
from blueprints_ui.strength import strength
from blueprints_ui.tasks import tasks
from blueprints_ui.thread import thread
from blueprints_ui.unsubscribing import unsubscribing
from blueprints_ui.web_forms import WEB_FORMS
from groundwork import config
from groundwork.config import Settings
from groundwork.database import db

# Every blueprint of pages; a new one is a new file and a line here.
PAGES = (
    *(auth, second_step, proving, single_sign_on, own_address, strength),
    *(agency, *AGENCIES, agency_billing, live, operations, *SETTINGS, *SETUP, home, standing),
    *(*WEB_FORMS, estimate_pages, *SEQUENCES),
    *(inbox, thread, search, contacts, tasks, plain_words, unsubscribing),
    *(notes, later, snoozing, follow_up, labelling, bulk, attaching, merging, presence),
    *(appointments, appointment_import, calendar_feed),
    *(customer_lists, everything, leaks),
)
YEAR = 365 * 24 * 3600


def create_app(settings: Settings | None = None) -> Flask:
    """The pages as a plain WSGI application; `settings` are those of the process unless given."""
    settings = settings or config.settings()
    app = Flask("blueprints_ui")
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.login_urls["web"], SEND_FILE_MAX_AGE_DEFAULT=YEAR)
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]  # Flask says so
    db.init_app(app)
    for set_up in (set_up_requests, set_up_filters, set_up_log_in, set_up_layout, set_up_errors):
        set_up(app)
    set_up_security(app, settings)
    for pages in PAGES:
        app.register_blueprint(pages)
    return app
