from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.api.requests import event, is_problem, post

STREAM = {"Accept": "text/event-stream"}


@contextmanager
def _following(
    client: httpx.Client, **headers: str
) -> Iterator[Iterator[tuple[int, dict[str, Any]]]]:
    with client.stream("GET", "/v1/events", headers={**STREAM, **headers}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _messages(response)


def _messages(response: httpx.Response) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    for line in response.iter_lines():
        if line.startswith("id: "):
            number = int(line[4:])
        elif line.startswith("data: "):
            yield number, json.loads(line[6:])


def _head(client: httpx.Client) -> int:
    head: int = post(client, [event()]).json()["position"]
    return head


def test_stored_events_come_in_order_and_in_pages(client: httpx.Client) -> None:
    start = _head(client)
    post(client, [event() for _ in range(7)])
    seen, after = [], start
    while True:
        response = client.get("/v1/events", params={"after": after, "limit": 3})
        assert response.headers["content-type"].startswith("application/x-ndjson")
        lines = response.text.splitlines()
        if not lines:
            break
        seen += [json.loads(line)["position"] for line in lines]
        assert int(response.headers["caseledger-position"]) == seen[-1]
        after = seen[-1]
    assert seen == list(range(start + 1, start + 8))
    beyond = client.get("/v1/events", params={"after": after + 1000})
    assert (beyond.status_code, beyond.text) == (200, "")


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=10001", "after=x", "limits=1"])
def test_bounds_that_make_no_sense_are_refused(client: httpx.Client, query: str) -> None:
    is_problem(client.get(f"/v1/events?{query}"), 400)


def test_what_is_kept_for_auditors_goes_out_nowhere(served) -> None:
    client = served.client
    start = _head(client)
    audit = event(
        "contact.logged",
        subject="audit/2026-1",
        data={"about": "c", "who": "x", "text": "t", "actor": {"id": "B1", "role": "supervisor"}},
    )
    last = post(client, [event(), audit, event()]).json()["position"]
    page = client.get("/v1/events", params={"after": start, "limit": 3})
    assert [json.loads(line)["position"] for line in page.text.splitlines()] == [start + 1, last]
    page = client.get("/v1/events", params={"after": start, "limit": 2})
    assert [json.loads(line)["position"] for line in page.text.splitlines()] == [start + 1, last]
    with _following(client, **{"Last-Event-ID": str(start)}) as messages:
        assert [next(messages)[0], next(messages)[0]] == [start + 1, last]
    assert client.get("/v1/cases/audit/2026-1").status_code == 404


def test_a_follower_gets_what_is_there_and_what_comes(client: httpx.Client) -> None:
    start = _head(client)
    post(client, [event(), event()])
    with _following(client, **{"Last-Event-ID": str(start)}) as messages:
        assert [next(messages)[0], next(messages)[0]] == [start + 1, start + 2]
        later = event()
        post(client, later)
        number, stored = next(messages)
        assert (number, stored["id"], stored["position"]) == (start + 3, later["id"], start + 3)


def test_a_follower_goes_on_where_it_was(client: httpx.Client) -> None:
    start = _head(client)
    post(client, [event() for _ in range(1200)])
    seen = start
    for _ in range(3):
        with _following(client, **{"Last-Event-ID": str(seen)}) as messages:
            for _ in range(400):
                number, stored = next(messages)
                assert number == stored["position"] == seen + 1
                seen = number


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "", "９", "9" * 30])
def test_a_last_event_id_that_is_no_position_is_refused(client: httpx.Client, number: str) -> None:
    headers = [(b"Accept", b"text/event-stream"), (b"Last-Event-ID", number.encode())]
    is_problem(client.get("/v1/events", headers=headers), 400, field="Last-Event-ID")


def test_a_last_event_id_from_the_future_is_refused(client: httpx.Client) -> None:
    head = _head(client)
    response = client.get("/v1/events", headers={**STREAM, "Last-Event-ID": str(head + 1)})
    is_problem(response, 400, field="Last-Event-ID", head=head)
    is_problem(client.get(f"/v1/events?after={head + 1}", headers=STREAM), 400, field="after")


def _followers(client: httpx.Client) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next(
        float(line.split()[-1]) for line in lines if line.startswith("caseledger_followers ")
    )


def test_five_hundred_idle_followers_do_not_slow_an_append(served) -> None:
    client = served.client
    head = _head(client)
    opened, slowest = threading.Event(), [0.0]
    received: list[int] = []

    async def one(session: httpx.AsyncClient) -> None:
        headers = {**STREAM, "Last-Event-ID": str(head)}
        async with session.stream("GET", "/v1/events", headers=headers) as response:
            async for line in response.aiter_lines():
                if line.startswith("id: "):
                    received.append(int(line[4:]))
                    if int(line[4:]) == head + 20:
                        return

    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=served.address, timeout=120, limits=limits
        ) as session:
            tasks = [asyncio.create_task(one(session)) for _ in range(500)]
            while not opened.is_set():
                if _followers(client) >= 500:
                    opened.set()
                await asyncio.sleep(0.05)
            await asyncio.gather(*tasks)

    thread = threading.Thread(target=lambda: asyncio.run(all_of_them()))
    thread.start()
    assert opened.wait(120)
    with httpx.Client(base_url=served.address, timeout=60) as own:
        for _ in range(20):
            started = time.perf_counter()
            assert post(own, event()).status_code == 201
            slowest[0] = max(slowest[0], time.perf_counter() - started)
    thread.join(120)
    assert not thread.is_alive()
    assert sorted(received) == sorted(list(range(head + 1, head + 21)) * 500)
    assert slowest[0] < 5.0
