"""What a form says to whoever fills it in, in English and Spanish; the wordings of consent among it."""

from __future__ import annotations

from hallway.forms.models import WebForm

LANGUAGES = {"en": "English", "es": "Español"}
KINDS = {"request": "Request for service", "estimate": "Request for an estimate"}
# In the order in which they are asked. A phone number or an e-mail address is always needed.
FIELDS = ("name", "phone", "email", "service", "message", "address", "preferred_time", "photos")
CHOICES = {"required": "Required", "optional": "Optional", "off": "Not asked"}
USUAL = {
    "name": "required",
    "phone": "optional",
    "email": "optional",
    "service": "optional",
    "message": "optional",
    "address": "optional",
    "preferred_time": "optional",
    "photos": "optional",
}

_EN = {
    "name": "Your name",
    "phone": "Mobile phone",
    "email": "E-mail",
    "service": "What is it about?",
    "message": "Tell us what is going on",
    "address": "Address",
    "preferred_time": "When suits you?",
    "photos": "Photos",
    "reach": "A phone number or an e-mail address, so that we can answer.",
    "service_none": "Choose one, or leave it to us",
    "service_other": "Something else",
    "message_hint": "What happened, since when, what you have tried.",
    "address_hint": "Street, city and ZIP.",
    "time_hint": "Like “tomorrow after 3” or “Thursday morning”.",
    "photos_hint": "Up to 5 pictures help us bring the right parts.",
    "optional": "optional",
    "send": "Send request",
    "send_estimate": "Ask for an estimate",
    "texts": "Offers and reminders by text",
    "trouble": "Please look at what is marked below. Nothing you typed is lost.",
    "photos_again": "Choose your photos once more, please: browsers do not keep them.",
    "privacy": "Privacy policy",
    "terms": "Terms",
    "thanks": "Thank you, we have your request",
    "next": "What happens next",
    "next_phone": "You get a text right away, so that you know it arrived.",
    "next_email": "A confirmation by e-mail is on its way.",
    "next_person": "Somebody of {business} reads it and answers you.",
    "next_open": "We are open now.",
    "next_closed": "We are closed now and open again {reopens}.",
    "call": "In a hurry? Call {phone}",
    "closed": "This form is closed",
    "closed_advice": "It no longer takes requests.",
    "subject": "We have your request",
    "you_wrote": "What you sent us:",
    "hosted": "Open the form on its own page",
}
_ES = {
    "name": "Su nombre",
    "phone": "Teléfono celular",
    "email": "Correo electrónico",
    "service": "¿De qué se trata?",
    "message": "Cuéntenos qué pasa",
    "address": "Dirección",
    "preferred_time": "¿Cuándo le conviene?",
    "photos": "Fotos",
    "reach": "Un teléfono o un correo electrónico, para poder contestarle.",
    "service_none": "Elija uno, o déjelo en blanco",
    "service_other": "Otra cosa",
    "message_hint": "Qué pasó, desde cuándo, qué ha intentado.",
    "address_hint": "Calle, ciudad y código postal.",
    "time_hint": "Por ejemplo “mañana después de las 3” o “jueves por la mañana”.",
    "photos_hint": "Hasta 5 fotos nos ayudan a llevar las piezas correctas.",
    "optional": "opcional",
    "send": "Enviar solicitud",
    "send_estimate": "Pedir un presupuesto",
    "texts": "Ofertas y recordatorios por mensaje de texto",
    "trouble": "Revise lo que está marcado abajo. No se perdió nada de lo que escribió.",
    "photos_again": "Elija sus fotos otra vez, por favor: el navegador no las guarda.",
    "privacy": "Aviso de privacidad",
    "terms": "Términos",
    "thanks": "Gracias, recibimos su solicitud",
    "next": "Qué sigue",
    "next_phone": "Ahora mismo le llega un mensaje de texto, para que sepa que la recibimos.",
    "next_email": "También le mandamos una confirmación por correo.",
    "next_person": "Una persona de {business} la lee y le contesta.",
    "next_open": "Estamos abiertos ahora.",
    "next_closed": "Ahora está cerrado; la vemos al abrir.",
    "call": "¿Tiene prisa? Llame al {phone}",
    "closed": "Este formulario está cerrado",
    "closed_advice": "Ya no recibe solicitudes.",
    "subject": "Recibimos su solicitud",
    "you_wrote": "Lo que nos mandó:",
    "hosted": "Abrir el formulario en su propia página",
}
WORDS = {"en": _EN, "es": _ES}

_ERRORS = {
    "en": {
        "missing": "Please fill this in.",
        "reach": "Give a phone number or an e-mail address, so that we can answer you.",
        "phone": "“{typed}” is not a US phone number. Write it like (512) 555-0148.",
        "email": "“{typed}” is not an e-mail address. Write it like dana@example.com.",
        "long": "Please keep this under {most:,} characters; it has {length:,}.",
        "service": "Choose one from the list.",
        "photo_kind": "“{typed}” is not a picture we can show. JPEG, PNG, WebP, GIF and HEIC work.",
        "photo_size": "“{typed}” is larger than 8 MB. Choose a smaller one.",
        "photo_count": "Up to 5 photos, please.",
    },
    "es": {
        "missing": "Llene este campo, por favor.",
        "reach": "Denos un teléfono o un correo electrónico, para poder contestarle.",
        "phone": "“{typed}” no es un teléfono de Estados Unidos. Escríbalo así: (512) 555-0148.",
        "email": "“{typed}” no es un correo electrónico. Escríbalo así: dana@example.com.",
        "long": "Escriba menos de {most:,} caracteres; ahora tiene {length:,}.",
        "service": "Elija uno de la lista.",
        "photo_kind": "“{typed}” no es una foto que podamos mostrar. Sirven JPEG, PNG, WebP, GIF y HEIC.",
        "photo_size": "“{typed}” pesa más de 8 MB. Elija una más pequeña.",
        "photo_count": "Hasta 5 fotos, por favor.",
    },
}

_REQUEST = {
    "en": (
        "By sending this you ask {business} to answer by text message, phone call or e-mail, and to follow up on this "
        "request and on an estimate you get for it; some of these messages are automatic. That is not a condition of "
        "any purchase. Reply STOP to end texts."
    ),
    "es": (
        "Al enviar pide a {business} que le conteste por mensaje de texto, llamada o correo electrónico, y que dé "
        "seguimiento a esta solicitud y al presupuesto que reciba; algunos mensajes son automáticos. No es condición "
        "para ninguna compra. Responda STOP para no recibir más mensajes de texto."
    ),
}
# 47 CFR 64.1200(f)(9): names the seller, says that texts are automated and that no purchase depends on it. CTIA
# Messaging Principles 5.1: frequency, rates, STOP and HELP.
_MARKETING = {
    "en": (
        "Yes, {business} may send me automated marketing text messages, such as offers and seasonal reminders, at the "
        "phone number above, up to {monthly} a month. My consent is not a condition of any purchase. Message and data "
        "rates may apply. Reply STOP to opt out, HELP for help."
    ),
    "es": (
        "Sí, {business} puede enviarme mensajes de texto automáticos de publicidad, como ofertas y recordatorios de "
        "temporada, al teléfono de arriba, hasta {monthly} al mes. Mi consentimiento no es condición para ninguna "
        "compra. Pueden aplicar cargos por mensajes y datos. Responda STOP para cancelar o HELP para recibir ayuda."
    ),
}


def words_of(form: WebForm) -> dict[str, str]:
    """Every label and sentence of `form` in its language."""
    return WORDS.get(form.language, _EN)


def error_words(language: str, what: str, **about: object) -> str:
    """Why a field is not taken, for the person who filled it in."""
    return _ERRORS.get(language, _ERRORS["en"])[what].format(**about)


def request_wording(form: WebForm, business: str) -> str:
    """What stands beside the button: what the details are for."""
    return _REQUEST.get(form.language, _REQUEST["en"]).format(business=business)


def covers_follow_up(wording: str, business: str) -> bool:
    """Whether these are words of ours by which a person asks to be followed up; other words do not cover it."""
    return wording in {words.format(business=business) for words in _REQUEST.values()}


def marketing_wording(form: WebForm, business: str) -> str:
    """What stands beside the box of marketing texts; "" for a form that does not ask."""
    if not form.ask_marketing:
        return ""
    return _MARKETING.get(form.language, _MARKETING["en"]).format(business=business, monthly=form.monthly_texts)
