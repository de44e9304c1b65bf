"""The limit: the smallest programs that could do the job at all, on the same servers.

`web` stores a hang-up with one raw INSERT and COMMIT and pushes to a list; `worker` pops and calls the carrier;
`rq` is the same with RQ's SimpleWorker as the waker; `/bare` is the insert alone; `client` sends so many texts over as
many connections as a worker of ours has, and knows them all beforehand.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import redis
import urllib3
from flask import Flask, request
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from hallway.sending import delivery

TABLE = (
    "create table if not exists bare_hook (id bigserial primary key, body text not null, at timestamptz default now())"
)
LIST = "bench:limit"

pool = urllib3.PoolManager(maxsize=64, retries=False)
local = threading.local()


def owner() -> psycopg.Connection[tuple[object, ...]]:
    """One warm connection per thread."""
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=False)
    return local.connection  # type: ignore[no-any-return]


def store(body: str) -> None:
    with owner().transaction():
        owner().execute("insert into bare_hook (body) values (%s)", (body,))
    owner().commit()


def send(to: str | bytes) -> None:
    url = f"{os.environ['TWILIO_API_URL']}/2010-04-01/Accounts/{os.environ['TWILIO_ACCOUNT_SID']}/Messages.json"
    fields = {"To": to, "From": "+15125550100", "Body": "Sorry we missed your call."}
    pool.request("POST", url, fields=fields, encode_multipart=False)


def create() -> Flask:
    app = Flask(__name__)
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    queue = Queue("limit", connection=client, serializer=JSONSerializer)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("select pg_advisory_xact_lock(1)")
        connection.execute(TABLE)

    @app.post("/bare")
    def bare() -> tuple[str, int]:
        store(request.get_data(as_text=True))
        return "", 204

    @app.post("/list")
    def by_list() -> tuple[str, int]:
        store(request.get_data(as_text=True))
        client.lpush(LIST, request.form["From"])
        return "", 204

    @app.post("/rq")
    def by_rq() -> tuple[str, int]:
        store(request.get_data(as_text=True))
        queue.enqueue_call("tests.bench.limit.send", (request.form["From"],), result_ttl=0)
        return "", 204

    return app


def worker() -> None:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    while True:
        popped = client.brpop([LIST], timeout=5)
        if popped:
            send(popped[1])


def rq_worker() -> None:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    queue = Queue("limit", connection=client, serializer=JSONSerializer)
    SimpleWorker([queue], connection=client, serializer=JSONSerializer).work(logging_level="WARNING")


def client() -> None:
    count = int(sys.argv[2])
    with ThreadPoolExecutor(delivery.AT_ONCE) as threads:
        list(threads.map(send, ["+15125550000"] * delivery.AT_ONCE))  # connect
        begin = time.monotonic()
        list(threads.map(send, (f"+1512{2_000_000 + number}" for number in range(count))))
        print(count / (time.monotonic() - begin))


if __name__ == "__main__":
    {"worker": worker, "rq": rq_worker, "client": client}[sys.argv[1]]()
