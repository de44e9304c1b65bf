"""The product: contacts, consent, conversations, channels, sending, leads, calls and what they tell."""
