"""python -m sandbox --port P --state FILE: run the carrier."""

import argparse
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from sandbox.app import build_app
from sandbox.settings import (
    DEFAULT_ACCOUNT_SID,
    DEFAULT_AUTH_TOKEN,
    DEFAULT_CARDS_KEY,
    DEFAULT_CARDS_SECRET,
    Settings,
)


def main(argv: Sequence[str] | None = None) -> None:
    logging.basicConfig(level=logging.WARNING, format="sandbox: %(message)s")
    settings = read_settings(argv)
    try:
        web.run_app(
            build_app(settings),
            host=settings.host,
            port=settings.port,
            access_log=None,
            print=None,
            shutdown_timeout=1.0,
            handler_cancellation=False,
        )
    except (OSError, sqlite3.Error) as failure:
        sys.exit(f"sandbox: cannot run on port {settings.port} with {settings.state}: {failure}")


def read_settings(argv: Sequence[str] | None) -> Settings:
    """Command line over environment (SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN) over defaults."""
    parser = argparse.ArgumentParser(prog="sandbox", description="A carrier that speaks Twilio's protocol.")
    parser.add_argument("--port", type=int, default=4010)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="SQLite file that remembers everything")
    parser.add_argument("--public-url", default="", help="how customers reach this carrier, when not by host and port")
    parser.add_argument("--product-url", default="", help="where the page links back to")
    parser.add_argument("--account-sid", default=os.environ.get("SANDBOX_ACCOUNT_SID", DEFAULT_ACCOUNT_SID))
    parser.add_argument("--auth-token", default=os.environ.get("SANDBOX_AUTH_TOKEN", DEFAULT_AUTH_TOKEN))
    parser.add_argument("--step", type=float, default=0.15, help="seconds between two states of a message")
    parser.add_argument("--time-scale", type=float, default=1.0, help="0.1 makes calls run ten times faster")
    parser.add_argument("--number-rate", type=float, default=0.0, help="messages per second and number, 0: no limit")
    parser.add_argument("--transcription-delay", type=float, default=3.0, help="seconds until a voicemail is text")
    parser.add_argument("--review-seconds", type=float, default=20.0, help="seconds until a filing is decided")
    parser.add_argument("--clock", type=Path, help="file for the turns of the world's clock; without it, real time")
    parser.add_argument("--mail-port", type=int, default=0, help="take mail by SMTP on this port; 0: none")
    parser.add_argument("--mail-to", default="", help="host:port of the SMTP server that people here write to")
    parser.add_argument("--cards-key", default=os.environ.get("SANDBOX_CARDS_KEY", DEFAULT_CARDS_KEY))
    parser.add_argument("--cards-secret", default=os.environ.get("SANDBOX_CARDS_SECRET", DEFAULT_CARDS_SECRET))
    parser.add_argument("--cards-hook", default="", help="where the card desk's events are posted")
    return Settings(**vars(parser.parse_args(argv)))


if __name__ == "__main__":
    main()
