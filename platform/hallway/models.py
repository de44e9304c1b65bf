"""Every table of the product, in one import, for migrations and checks."""

from billing import models as billing
from groundwork import tables as groundwork
from hallway.agencies import models as agencies
from hallway.appointments import models as appointments
from hallway.calls import models as calls
from hallway.channels import models as channels
from hallway.consent import models as consent
from hallway.contacts import models as contacts
from hallway.conversations import models as conversations
from hallway.estimates import models as estimates
from hallway.followup import models as followup
from hallway.forms import models as forms
from hallway.insight import models as insight
from hallway.leads import models as leads
from hallway.lists import models as lists
from hallway.notices import models as notices
from hallway.playbooks import models as playbooks
from hallway.registration import models as registration
from hallway.routing import models as routing
from hallway.setup import models as setup
from tenants import models as tenants

__all__ = [
    "agencies",
    "appointments",
    "billing",
    "calls",
    "channels",
    "consent",
    "contacts",
    "conversations",
    "estimates",
    "followup",
    "forms",
    "groundwork",
    "insight",
    "leads",
    "lists",
    "notices",
    "playbooks",
    "registration",
    "routing",
    "setup",
    "tenants",
]
