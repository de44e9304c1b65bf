"""Settings of a business: one file per page."""

from blueprints_ui.settings.activity import activity
from blueprints_ui.settings.appointments import appointment_rules
from blueprints_ui.settings.billing import billing_page
from blueprints_ui.settings.business import business
from blueprints_ui.settings.consent import consent_rules
from blueprints_ui.settings.hours import opening_hours
from blueprints_ui.settings.labels import label_list
from blueprints_ui.settings.members import member_list
from blueprints_ui.settings.notices import notice_page
from blueprints_ui.settings.numbers import number_list
from blueprints_ui.settings.own_domain import own_domain
from blueprints_ui.settings.phones import phone_list
from blueprints_ui.settings.replies import saved_replies
from blueprints_ui.settings.routing import routing
from blueprints_ui.settings.security import security_page
from blueprints_ui.settings.shifts import shift_list
from blueprints_ui.settings.two_factor import two_factor
from blueprints_ui.settings.web_forms import form_settings
from blueprints_ui.settings.who_can_open import who_can_open
from blueprints_ui.settings.words import words

SETTINGS = (
    business,
    billing_page,
    opening_hours,
    phone_list,
    number_list,
    own_domain,
    words,
    appointment_rules,
    saved_replies,
    label_list,
    form_settings,
    consent_rules,
    routing,
    shift_list,
    notice_page,
    member_list,
    who_can_open,
    activity,
    security_page,
    two_factor,
)

__all__ = ["SETTINGS"]
