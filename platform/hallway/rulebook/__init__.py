"""The rulebook: places, quiet hours, state law, text lengths and what a reply asks for; no database, no web."""
