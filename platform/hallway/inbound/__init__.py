"""Texts coming in: understood, answered where the law asks for it, and put before a person."""
