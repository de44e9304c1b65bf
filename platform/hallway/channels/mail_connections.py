"""Connections to mail servers, kept open for a moment: greeting, encryption and log-in cost more than a mail.

A kept connection is asked whether it still listens before it is used, so a mail never begins on a dead one.
"""

from __future__ import annotations

import os
import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

CONNECT_SECONDS = 10
IDLE_SECONDS = 8  # servers that count connections should not be held longer for nothing
MOST_KEPT = 4


class _Kept(NamedTuple):
    url: str
    pid: int  # a forked child must not speak on its parent's connection
    since: float
    server: smtplib.SMTP


_kept: list[_Kept] = []
_lock = threading.Lock()


@contextmanager
def connection(url: str) -> Iterator[smtplib.SMTP]:
    """A server that greeted us, encrypted and signed in as `url` (MAIL_URL) says. It is kept unless its user fails."""
    server = _take(url) or _opened(url)
    try:
        yield server
    except BaseException:
        server.close()
        raise
    if server.sock is not None:
        _keep(url, server)


def _take(url: str) -> smtplib.SMTP | None:
    while True:
        with _lock:
            mine = [one for one in _kept if one.url == url and one.pid == os.getpid()]
            if not mine:
                return None
            _kept.remove(mine[-1])
        if _listens(mine[-1].server):
            return mine[-1].server
        mine[-1].server.close()


def _listens(server: smtplib.SMTP) -> bool:
    """RSET also forgets what a mail that was refused had begun."""
    with suppress(smtplib.SMTPException, OSError):
        return server.rset()[0] == 250
    return False


def _opened(url: str) -> smtplib.SMTP:
    where = urlsplit(url)
    tls = parse_qs(where.query).get("tls", ["implicit" if where.scheme == "smtps" else "starttls"])[0]
    host, secure = where.hostname or "localhost", ssl.create_default_context()
    if tls == "implicit":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, where.port or 465, timeout=CONNECT_SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, where.port or 587, timeout=CONNECT_SECONDS)
    try:
        if tls == "starttls":
            server.starttls(context=secure)
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _keep(url: str, server: smtplib.SMTP) -> None:
    with _lock:
        if len(_kept) < MOST_KEPT:
            first = not _kept
            _kept.append(_Kept(url, os.getpid(), time.monotonic(), server))
            if first:
                _sweep_later()
            return
    _quit(server)


def _sweep_later() -> None:
    timer = threading.Timer(IDLE_SECONDS, _sweep)
    timer.daemon = True
    timer.start()


def _sweep() -> None:
    """Close what nobody used for a while, and look again as long as something is kept."""
    with _lock:
        old = [one for one in _kept if time.monotonic() - one.since >= IDLE_SECONDS]
        for one in old:
            _kept.remove(one)
        if _kept:
            _sweep_later()
    for one in old:
        _quit(one.server)


def _quit(server: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()
