"""From the front page to the first missed call: sign-up, and the steps of setting up. One file per step."""

from blueprints_ui.setup.done import done
from blueprints_ui.setup.front import start
from blueprints_ui.setup.leaks import leaks
from blueprints_ui.setup.number import number
from blueprints_ui.setup.phones import phones
from blueprints_ui.setup.plan import plan
from blueprints_ui.setup.proof import proof
from blueprints_ui.setup.registration import registration
from blueprints_ui.setup.shop import shop
from blueprints_ui.setup.wording import wording

SETUP = (start, shop, leaks, number, phones, proof, wording, registration, plan, done)

__all__ = ["SETUP"]
