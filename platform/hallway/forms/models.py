"""Tables of web forms, what was sent with them, and the secret keys of developers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, belongs_to

API = "api"  # key of the form that stands for leads other programs hand over; no page shows it
STATES = ("new", "done", "quarantined", "discarded")


class WebForm(TenantOwned, Base):
    """A form of one business: hosted on its own address, embedded in its web site, or filled by its server."""

    __tablename__ = "web_form"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id", "key"))

    key: Mapped[str]  # public: it stands in addresses
    name: Mapped[str]  # for the business alone
    kind: Mapped[str] = mapped_column(default="request")  # request, estimate
    language: Mapped[str] = mapped_column(default="en")
    title: Mapped[str]
    intro: Mapped[str] = mapped_column(default="")
    thanks: Mapped[str] = mapped_column(default="")
    fields: Mapped[Json] = mapped_column(default=dict)  # {"address": "required" | "optional" | "off", ...}
    sites: Mapped[list[Any]] = mapped_column(default=list)  # origins that may embed it; empty: any
    ask_marketing: Mapped[bool] = mapped_column(default=True)
    monthly_texts: Mapped[int] = mapped_column(default=4)
    privacy_url: Mapped[str | None]
    terms_url: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class FormSubmission(TenantOwned, Base):
    """One form as it was sent, kept before anything is done with it. Unique by the form's own token."""

    __tablename__ = "form_submission"
    __table_args__ = (
        belongs_to("web_form", "form_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        belongs_to("message", "message_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "form_id", "dedupe_key"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_form_submission_same", "tenant_id", "fingerprint", "at"),
        Index("ix_form_submission_ip", "tenant_id", "ip", "at"),
        Index("ix_form_submission_phone", "tenant_id", "phone", "at"),
        Index("ix_form_submission_email", "tenant_id", "email", "at"),
        Index("ix_form_submission_conversation", "tenant_id", "conversation_id"),
        Index("ix_form_submission_aside", "tenant_id", "id", postgresql_where=text("state = 'quarantined'")),
    )

    form_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    via: Mapped[str]  # hosted, embed, api
    state: Mapped[str] = mapped_column(default="new")
    dedupe_key: Mapped[str]
    fingerprint: Mapped[str]  # of what was said and by whom, so that one request sent twice is known
    answers: Mapped[Json] = mapped_column(default=dict)  # as typed, by field
    phone: Mapped[str | None]  # E.164
    email: Mapped[str | None]  # lower case
    request_wording: Mapped[str]  # what was shown beside the button
    marketing_wording: Mapped[str | None]  # what was shown beside the box
    agreed: Mapped[bool] = mapped_column(default=False)  # the box was ticked
    page_url: Mapped[str | None]
    ip: Mapped[str | None]
    user_agent: Mapped[str | None]
    suspicion: Mapped[list[Any]] = mapped_column(default=list)  # why it was set aside, in plain words
    conversation_id: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]  # its entry in the thread
    replied_at: Mapped[datetime | None]  # when the first reply was decided
    judged_by: Mapped[str | None]  # who released or discarded it
