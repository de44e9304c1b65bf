"""Keep order among people and conversations: many at once, and two entries that are one person."""
