"""PostgreSQL and Redis from Python wheels: started, adopted and stopped without touching the machine."""

from groundwork.embedded.places import EmbeddedError, free_port, private_file, private_secret
from groundwork.embedded.postgres import Postgres
from groundwork.embedded.redis import Redis

__all__ = ["EmbeddedError", "Postgres", "Redis", "free_port", "private_file", "private_secret"]
