"""The carrier for the tests here."""

from tests.sending.at_carrier import carrier, carrier_process, charlie, ear, plumber

__all__ = ["carrier", "carrier_process", "charlie", "ear", "plumber"]
