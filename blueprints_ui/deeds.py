"""What agency staff do in a client's account, in the client's words, where the page itself writes nothing down."""

DEEDS = {
    "contacts.erase": "Erased what is known about a person",
    "contacts.lift": "Lifted a stop",
    "contacts.save": "Changed a person's details",
    "notes.add": "Wrote a note",
    "notes.hand_over": "Handed a conversation over",
    "notes.take_back": "Removed a note",
    "snoozing.snooze": "Put a conversation aside until later",
    "estimate_pages.decide": "Noted that an estimate was accepted or declined",
    "estimate_pages.send": "Noted an estimate that was sent",
    "form_settings.judge": "Judged a request that was set aside",
    "tasks.decide": "Judged a doubtful reply",
    "tasks.finish": "Finished a task",
    "thread.acknowledge": "Acknowledged an alarm",
    "thread.assign": "Handed a conversation to somebody",
    "thread.call_back": "Called a person back",
    "thread.correct": "Corrected a lead's details",
    "thread.handle": "Closed, reopened or blocked a conversation",
    "thread.retry": "Sent a failed text again",
    "thread.send": "Sent a text",
}
