"""What an agency does on the base domain: its clients, its playbook, its people, its look."""

from blueprints_ui.agencies.client_people import agency_client_people
from blueprints_ui.agencies.clients import agency_clients
from blueprints_ui.agencies.look import agency_look
from blueprints_ui.agencies.people import agency_people
from blueprints_ui.agencies.playbook import agency_playbook
from blueprints_ui.agencies.pushes import agency_pushes

AGENCIES = (agency_clients, agency_playbook, agency_pushes, agency_people, agency_client_people, agency_look)

__all__ = ["AGENCIES"]
