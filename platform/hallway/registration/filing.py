"""A filing on its way: step by step to the carrier, each step kept, then asked after until it is decided."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select, update
from twilio.base.exceptions import TwilioRestException

from groundwork import clock, config, live, timers
from groundwork.database import Json, ScopedSession, new_id
from groundwork.tables import Timer
from hallway import notices
from hallway.channels import CarrierAwayError, Number, papers
from hallway.channels.papers import PapersRefusedError, Verdict
from hallway.registration.models import Registration
from hallway.registration.questions import KINDS
from tenants import routing
from tenants.routing import CarrierLogin

ASK_AGAIN = timedelta(minutes=15)
ASK_SANDBOX = timedelta(seconds=10)
GO_ON = timedelta(seconds=30)  # what stopped half-way is taken up by the clock
AGAIN = {"brand": ("profile", "messaging", "brand", "campaign"), "campaign": ("campaign",)}
log = structlog.get_logger(__name__)


def of(session: ScopedSession, kind: str) -> Registration:
    """This business's filing of a kind, a draft at first."""
    found = session.scalar(select(Registration).where(Registration.kind == kind))
    if found is None:
        found = Registration(id=new_id(), kind=kind, form={}, sids={}, reasons=[])
        session.add(found)
        session.flush()
    return found


def needed(session: ScopedSession) -> list[str]:
    """Which kinds this business's numbers ask for; local ones before there is a number."""
    kinds = set(session.scalars(select(Number.kind).where(Number.active)))
    return [kind for kind, number in (("10dlc", "local"), ("toll_free", "toll_free")) if number in kinds] or ["10dlc"]


def submit(session: ScopedSession, registration: Registration, said: Json) -> None:
    """Hand in what was written; a refused one goes in again with what it was refused for made anew.

    The steps run after the commit, by the clock, and go on by themselves after any fault.
    """
    if registration.state in ("pending", "approved", "submitting"):
        return
    kept = dict(registration.sids)
    for step in AGAIN.get(str(kept.pop("refused_at", "")), ()):
        kept.pop(step, None)
    registration.form, registration.sids, registration.reasons = said, kept, []
    registration.state, registration.tries = "submitting", (registration.tries or 0) + 1
    registration.submitted_at, registration.decided_at = clock.now(), None
    timers.put(session, "follow_registration", registration.kind, clock.now(), move=True)


def follow(session: ScopedSession, timer: Timer) -> None:
    """Handler of `follow_registration`: the next step, or the question whether it is decided. Network first."""
    registration = of(session, timer.key)
    if registration.state not in ("submitting", "pending"):
        return
    login = routing.carrier_login_of(session.tenant_id)
    if login is None:
        return
    try:
        verdict = FILERS[registration.kind](session, registration, login)
    except PapersRefusedError as error:
        verdict = Verdict("refused", [{"field": "", "words": str(error)}])
    except TwilioRestException as error:
        verdict = Verdict("refused", [{"field": "", "words": str(error.msg)}])
    except CarrierAwayError as error:
        log.warning("a filing waits for the carrier", kind=registration.kind, error=str(error))
        timers.put(session, "follow_registration", registration.kind, clock.now() + GO_ON, move=True)
        return
    _decide(session, registration, verdict)


def _decide(session: ScopedSession, registration: Registration, verdict: Verdict) -> None:
    registration.state, registration.reasons = verdict.state, verdict.reasons
    live.tell(session, "registration")
    if verdict.state == "pending":
        again = ASK_SANDBOX if config.settings().sandbox_url else ASK_AGAIN
        timers.put(session, "follow_registration", registration.kind, clock.now() + again, move=True)
        return
    registration.decided_at = clock.now()
    if verdict.state == "approved":
        _free_numbers(session, registration.kind)
        title, body = "The carriers approved your registration", "Missed callers are texted from now on."
    else:
        title = "The carriers refused your registration"
        body = " ".join(reason["words"] for reason in verdict.reasons) or "They gave no reason."
    notices.tell_managers(
        session, title=f"{title} ({KINDS[registration.kind]})", body=body, url_path="/setup/registration"
    )


def _free_numbers(session: ScopedSession, kind: str) -> None:
    """Numbers of this kind may text now."""
    number = "toll_free" if kind == "toll_free" else "local"
    session.execute(update(Number).where(Number.kind == number).values(waits_for_carrier=False))


def _file_10dlc(session: ScopedSession, registration: Registration, login: CarrierLogin) -> Verdict:
    """Profile, messaging profile, brand; once the brand is approved the campaign; approved when that is."""
    said, sids = registration.form, registration.sids
    profile = sids.get("profile") or _keep(session, registration, "profile", papers.make_profile(login, said))
    messaging = sids.get("messaging") or _keep(
        session, registration, "messaging", papers.make_messaging_profile(login, said, profile)
    )
    brand = sids.get("brand") or _keep(
        session, registration, "brand", papers.make_brand(login, said, profile, messaging)
    )
    verdict = papers.brand_stands(login, brand)
    if verdict.state != "approved" or login.service_sid is None:
        return _mark(registration, "brand", verdict)
    campaign = registration.sids.get("campaign") or _keep(
        session, registration, "campaign", papers.make_campaign(login, said, login.service_sid, brand)
    )
    return _mark(registration, "campaign", papers.campaign_stands(login, login.service_sid, campaign))


def _file_toll_free(session: ScopedSession, registration: Registration, login: CarrierLogin) -> Verdict:
    """One verification for each toll-free number; approved when all are."""
    verdicts = []
    mine = select(Number).where(Number.active, Number.kind == "toll_free").order_by(Number.id)
    lines = [(number.e164, number.provider_sid) for number in session.scalars(mine)]
    for e164, number_sid in lines:
        known = registration.sids.get(e164)
        if known is None or registration.state == "submitting":
            sid = papers.verify_toll_free(login, registration.form, number_sid, known)
            known = _keep(session, registration, e164, sid)
        verdicts.append(papers.verification_stands(login, known))
    refused = [verdict for verdict in verdicts if verdict.state == "refused"]
    if refused:
        return refused[0]
    pending = any(verdict.state == "pending" for verdict in verdicts) or not verdicts
    return Verdict("pending" if pending else "approved", [])


def _keep(session: ScopedSession, registration: Registration, step: str, sid: str) -> str:
    """A step was taken: written down before the next one is tried."""
    registration.sids = {**registration.sids, step: sid}
    session.commit()
    return sid


def _mark(registration: Registration, step: str, verdict: Verdict) -> Verdict:
    if verdict.state == "refused":
        registration.sids = {**registration.sids, "refused_at": step}
    return verdict


FILERS = {"10dlc": _file_10dlc, "toll_free": _file_toll_free}
