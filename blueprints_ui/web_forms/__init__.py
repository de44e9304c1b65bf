"""Web forms as strangers meet them: the hosted page, the one embedded in another site, and the JSON API."""

from blueprints_ui.web_forms.api import forms_api
from blueprints_ui.web_forms.appointments_api import appointments_api
from blueprints_ui.web_forms.estimates_api import estimates_api
from blueprints_ui.web_forms.leads_api import leads_api
from blueprints_ui.web_forms.pages import hosted
from blueprints_ui.web_forms.past_customers_api import past_customers_api

WEB_FORMS = (hosted, forms_api, leads_api, estimates_api, appointments_api, past_customers_api)
