"""Prometheus metrics of every process; PROMETHEUS_MULTIPROC_DIR joins them on the web's /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)

bells_lost = Counter("hallway_bells_lost_total", "Wake-ups that Redis did not take; the clock repairs them")
webhooks = Counter("hallway_webhooks_total", "Provider requests", ["provider", "kind", "answer"])
events_failed = Counter("hallway_inbound_events_failed_total", "Stored requests that could not be handled", ["kind"])
timers_late = Histogram("hallway_timer_lateness_seconds", "From due to done", ["kind"], buckets=SECONDS)
messages = Counter("hallway_messages_total", "Messages by final or latest state", ["channel", "kind", "state"])
forms = Counter("hallway_forms_total", "Web forms taken", ["via", "state"])
gate = Counter("hallway_gate_answers_total", "Answers of the gate", ["answer", "rule"])
text_back = Histogram(
    "hallway_text_back_seconds", "From the moment a call is known to be missed to the provider's yes", buckets=SECONDS
)
provider_call = Histogram("hallway_provider_call_seconds", "Calls to providers", ["provider"], buckets=SECONDS)
