"""Web forms: hosted, embedded or sent by a server; kept, sifted, and made into leads."""

from hallway.forms.answers import LONGEST, Answers, Photo, asked, read_answers, service_label
from hallway.forms.editing import BadFormError, allows, amend, find_form, forms_of, make_form, read_sites
from hallway.forms.handed_over import LONGEST_SOURCE, HandedOver, form_of_api, hand_over
from hallway.forms.models import FormSubmission, WebForm
from hallway.forms.photos import add_photos
from hallway.forms.quarantine import Aside, count_aside, discard, release, set_aside
from hallway.forms.receiving import receive, receive_event
from hallway.forms.replying import reply_when_known
from hallway.forms.stamps import Shown, read_stamp, stamp
from hallway.forms.taking import Came, OtherRequestError, Taken, take
from hallway.forms.words import error_words, marketing_wording, request_wording, words_of

__all__ = [
    "LONGEST",
    "LONGEST_SOURCE",
    "Answers",
    "Aside",
    "BadFormError",
    "Came",
    "FormSubmission",
    "HandedOver",
    "OtherRequestError",
    "Photo",
    "Shown",
    "Taken",
    "WebForm",
    "add_photos",
    "allows",
    "amend",
    "asked",
    "count_aside",
    "discard",
    "error_words",
    "find_form",
    "form_of_api",
    "forms_of",
    "hand_over",
    "make_form",
    "marketing_wording",
    "read_answers",
    "read_sites",
    "read_stamp",
    "receive",
    "receive_event",
    "release",
    "reply_when_known",
    "request_wording",
    "service_label",
    "set_aside",
    "stamp",
    "take",
    "words_of",
]
