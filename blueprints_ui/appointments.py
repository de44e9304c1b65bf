"""Visits: book from a thread, the week, one visit with its reminders, and what one does with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from blueprints_ui import forms, reading, regions, visit_forms
from blueprints_ui.filters import local
from blueprints_ui.forms import Form
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.visit_forms import DetailsForm, TimeForm, VisitForm
from groundwork import clock
from hallway import appointments as deeds
from hallway.appointments import Appointment, AppointmentError, calendar, ical, planning, rules, words
from hallway.conversations import Conversation
from hallway.insight import panel
from hallway.leads.times import window_of
from tenants.businesses import ZONES

appointments = Blueprint("appointments", __name__)
UNTOLD = "{name} chose not to tell them."
DONE = {
    "confirm": "Marked as confirmed.",
    "keep": "It stays as it is.",
    "done": "Marked as done.",
    "no_show": "Marked as a no-show. Their own follow-up begins.",
    "cancel": "Cancelled.",
}


@appointments.get("/appointments")
@page()
def week() -> ResponseReturnValue:
    """Seven days from Monday, in the business's zone."""
    monday = _monday(request.args.get("week"))
    days = [monday + timedelta(days=ahead) for ahead in range(8)]
    begin, end = (planning.wall(day, "00:00", g.tenant.timezone) for day in (days[0], days[7]))
    visits = calendar.between(tenant_session(), begin, end)
    return render_template(
        "appointments/week.html",
        days=[(day, [one for one in visits if local(one.appointment.starts_at).date() == day]) for day in days[:7]],
        any=bool(visits),
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        today=local(clock.now()).date(),
        shown=calendar.shown_up(tenant_session(), clock.now()),
    )


@appointments.get("/inbox/<uuid:conversation_id>/visit")
@page()
def new(conversation_id: UUID) -> ResponseReturnValue:
    """The form, filled in with what the lead said."""
    return _booking(conversation_id, Form(_proposed(conversation_id)))


@appointments.post("/inbox/<uuid:conversation_id>/visit")
@page()
def book(conversation_id: UUID) -> ResponseReturnValue:
    """Book it. Where the place turns out to be in another zone than the times were typed for, ask once more."""
    conversation, form = reading.find(conversation_id).conversation, forms.read(VisitForm())
    zone = visit_forms.zone_of(form)
    if form.ok and form.values.get("zone_shown") not in ("", zone):
        form.refuse("zone", f"The clocks there are {visit_forms.zone_words(zone)}. Check the times and book again.")
    if form.ok:
        try:
            starts_at, arrive_by = visit_forms.moments(form, zone)
            deeds.book(
                tenant_session(),
                conversation,
                starts_at,
                arrive_by=arrive_by,
                zone=zone,
                by=g.who.name,
                zip_code=form.loaded["zip_code"] or None,
                untold=_untold(form),
                **visit_forms.details(form),
            )
        except AppointmentError as error:
            visit_forms.refuse(form, error)
    if not form.ok:
        return _booking(conversation_id, form), 422
    flash("Booked.", "good")
    return redirect(reading.address_of(conversation_id), code=303)


@appointments.get("/appointments/<uuid:appointment_id>")
@page()
def show(appointment_id: UUID) -> ResponseReturnValue:
    return _page(regions.mine(Appointment, appointment_id))


@appointments.post("/appointments/<uuid:appointment_id>/move")
@page()
def move(appointment_id: UUID) -> ResponseReturnValue:
    """To the typed time, or with `wish` to the time they asked for."""
    appointment = regions.mine(Appointment, appointment_id)
    form = forms.read(TimeForm())
    if request.form.get("wish"):
        return _move_as_wished(appointment)
    if form.ok:
        try:
            starts_at, arrive_by = visit_forms.moments(form, appointment.zone)
            deeds.reschedule(
                tenant_session(), appointment, starts_at, arrive_by=arrive_by, by=g.who.name, untold=_untold(form)
            )
        except AppointmentError as error:
            visit_forms.refuse(form, error)
    if not form.ok:
        return _page(appointment, moving=form), 422
    return _back(appointment, f"Moved to {words.when(appointment)}.")


@appointments.post("/appointments/<uuid:appointment_id>/details")
@page()
def amend(appointment_id: UUID) -> ResponseReturnValue:
    appointment, form = regions.mine(Appointment, appointment_id), forms.read(DetailsForm())
    if form.ok:
        try:
            zip_code = form.loaded["zip_code"] or None
            deeds.amend(tenant_session(), appointment, by=g.who.name, zip=zip_code, **visit_forms.details(form))
        except AppointmentError as error:
            visit_forms.refuse(form, error)
    if not form.ok:
        return _page(appointment, about=form), 422
    return _back(appointment, "Saved.")


@appointments.post("/appointments/<uuid:appointment_id>/<any(confirm,keep,done,no_show,cancel):deed>")
@page()
def decide(appointment_id: UUID, deed: str) -> ResponseReturnValue:
    appointment, session = regions.mine(Appointment, appointment_id), tenant_session()
    try:
        if deed == "cancel":
            untold = None if request.form.get("tell") else UNTOLD.format(name=g.who.name)
            deeds.cancel(session, appointment, by=g.who.name, untold=untold)
        else:
            getattr(deeds, deed)(session, appointment, by=g.who.name)
    except AppointmentError as error:
        return _back(appointment, str(error), tone="bad")
    return _back(appointment, DONE[deed])


@appointments.get("/appointments/<uuid:appointment_id>/invite.ics")
@page()
def invite(appointment_id: UUID) -> ResponseReturnValue:
    """The visit as a file for the customer's calendar."""
    appointment = regions.mine(Appointment, appointment_id)
    answer = Response(ical.invite(tenant_session(), appointment), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer


def _monday(told: str | None) -> date:
    try:
        day = date.fromisoformat(told) if told else local(clock.now()).date()
    except ValueError as error:
        raise BadRequest("That is not a day. Open the calendar again.") from error
    return day - timedelta(days=day.weekday())


def _proposed(conversation_id: UUID) -> dict[str, Any]:
    """What is known from the lead: what, where, and when they would like it."""
    contact = reading.find(conversation_id).contact
    _, known = panel.lead(tenant_session(), conversation_id) or (None, {})
    said = {name: field.label if name == "service" else field.value for name, field in known.items()}
    values: dict[str, Any] = {"what": said.get("service", ""), "minutes": 60, "tell": True, "zone": ""}
    values |= {"address": said.get("address") or contact.address, "state": contact.state or g.tenant.state}
    values["zip_code"] = said.get("zip") or contact.zip
    return values | _wished(said.get("preferred_time"), visit_forms.property_zone(Form(values)))


def _wished(value: str | None, zone: str) -> dict[str, str]:
    """The time they would like, as far as it is one and still to come; else nothing is filled in."""
    if not value:
        return {}
    try:
        start, end = (moment.astimezone(ZoneInfo(zone)) for moment in window_of(value))
    except ValueError:
        return {}
    if start <= clock.now():
        return {}
    values = {"date": start.date().isoformat(), "from_time": start.strftime("%H:%M")}
    same_day = end.date() == start.date() and end - start <= timedelta(hours=4)
    return values | ({"to_time": end.strftime("%H:%M")} if same_day else {})


def _booking(conversation_id: UUID, form: Form) -> str:
    return render_template(
        "appointments/new.html",
        head=reading.find(conversation_id),
        form=form,
        zone=visit_forms.zone_of(form),
        zones=[("", "By the property’s place"), *ZONES.items()],
        states=visit_forms.STATE_CHOICES,
        lengths=visit_forms.LENGTHS,
        today=local(clock.now()).date(),
        confirms=rules.of(tenant_session()).confirmation_by,
    )


def _page(appointment: Appointment, moving: Form | None = None, about: Form | None = None) -> str:
    session = tenant_session()
    values: dict[str, Any] = {name: getattr(appointment, name) for name in ("what", "address", "state", "technician")}
    values |= {"zip_code": appointment.zip, "minutes": appointment.minutes}
    conversation = session.get_one(Conversation, (g.tenant.id, appointment.conversation_id))
    return render_template(
        "appointments/page.html",
        visit=appointment,
        head=reading.find(conversation.id),
        moving=moving or Form(visit_forms.times_of(appointment)),
        about=about or Form(values),
        reminders=calendar.reminders(session, appointment.id),
        history=calendar.history(session, appointment.id),
        states=visit_forms.STATE_CHOICES,
        lengths=visit_forms.LENGTHS,
        begun=appointment.starts_at <= clock.now(),
    )


def _move_as_wished(appointment: Appointment) -> ResponseReturnValue:
    starts_at = appointment.wish_starts_at
    if starts_at is None:
        return _back(appointment, "They named no time, or somebody has decided already.", tone="bad")
    try:
        arrive_by = appointment.wish_arrive_by
        deeds.reschedule(tenant_session(), appointment, starts_at, arrive_by=arrive_by, by=g.who.name)
    except AppointmentError as error:
        return _back(appointment, str(error), tone="bad")
    return _back(appointment, f"Moved to {words.when(appointment)}.")


def _untold(form: Form) -> str | None:
    return None if form.loaded["tell"] else UNTOLD.format(name=g.who.name)


def _back(appointment: Appointment, words_: str, *, tone: str = "good") -> ResponseReturnValue:
    """To the thread it was done in, or to the visit's own page."""
    if request.form.get("from") == "thread":
        return regions.again(appointment.conversation_id, words_, tone=tone)
    flash(words_, "error" if tone == "bad" else "good")
    return redirect(url_for("appointments.show", appointment_id=appointment.id), code=303)


@appointments.app_template_filter()
def on_its_clock(at: datetime, zone: str) -> datetime:
    """A moment on the clock of `zone`."""
    return at.astimezone(ZoneInfo(zone))


@appointments.app_template_filter()
def visit_when(appointment: Appointment) -> str:
    return words.when(appointment)


@appointments.app_template_filter()
def visit_hours(appointment: Appointment) -> str:
    return words.hours(appointment)


appointments.add_app_template_filter(visit_forms.zone_words)
