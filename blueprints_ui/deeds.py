"""What agency staff do in a client's account, in the client's words, where the page itself writes nothing down."""

DEEDS = {
    "contacts.erase": "Erased what is known about a person",
    "contacts.save": "Changed a person's details",
    "thread.acknowledge": "Acknowledged an alarm",
    "thread.assign": "Handed a conversation to somebody",
    "thread.call_back": "Called a person back",
    "thread.correct": "Corrected a lead's details",
    "thread.finish": "Finished a task",
    "thread.handle": "Closed, reopened or blocked a conversation",
    "thread.retry": "Sent a failed text again",
    "thread.send": "Sent a text",
}
