"""One pooled keep-alive HTTP client per process, for providers."""

from __future__ import annotations

import urllib3

TIMEOUT = urllib3.Timeout(connect=3, read=12)

pool = urllib3.PoolManager(num_pools=8, maxsize=64, timeout=TIMEOUT, retries=False, block=False)
