"""The demo world: an agency, three contractors, and a month they have lived through."""
