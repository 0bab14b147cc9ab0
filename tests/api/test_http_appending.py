from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections.abc import Callable

import httpx
import pyarrow as pa
import pytest

from api.http.elements import event_of_body, events_of_batch
from api.http.problems import Problem
from tests.api.requests import BATCH, SINGLE, event, is_problem, post

MIB = 1024 * 1024


def test_an_event_is_created_once_and_then_known(client: httpx.Client) -> None:
    sent = event()
    first, second = post(client, sent), post(client, sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["status"] == "appended"
    assert second.json() | {"status": "appended"} == first.json()
    assert first.headers["etag"] == '"1"'


def test_the_same_id_with_other_content_is_a_conflict(client: httpx.Client) -> None:
    sent = event()
    post(client, sent)
    document = is_problem(post(client, sent | {"time": "2026-03-03T09:30:00+08:00"}), 409)
    assert document["errors"][0]["path"] == "id"
    assert document["expected"]


def test_an_event_that_cannot_be_taken_says_why(client: httpx.Client) -> None:
    document = is_problem(post(client, event("case.eaten")), 422)
    assert document["errors"][0]["path"] == "type"
    assert {"expected", "found", "event_id"} <= document.keys()


def test_a_batch_answers_for_each_event_in_order(client: httpx.Client) -> None:
    known = event()
    post(client, known)
    clash = known | {"data": {"receipt_no": "other"}}
    sent = [event(), known, clash, event("nothing.known"), "text", event()]
    response = post(client, sent)
    assert response.status_code == 200
    results = response.json()["results"]
    assert [one["index"] for one in results] == list(range(6))
    assert [one["status"] for one in results] == [
        "appended", "duplicate", "conflict", "rejected", "rejected", "appended",
    ]  # fmt: skip
    assert response.json()["position"] == results[5]["position"]


def test_an_empty_batch_has_no_results(client: httpx.Client) -> None:
    assert post(client, []).json()["results"] == []


def test_a_dry_run_keeps_nothing(client: httpx.Client) -> None:
    sent = event()
    tried = post(client, sent, "?dry_run=true")
    assert (tried.status_code, tried.json()["status"]) == (200, "appended")
    is_problem(client.get(f"/v1/cases/{sent['subject']}"), 404)
    batch = post(client, [sent, event("case.eaten")], "?dry_run=true")
    assert [one["status"] for one in batch.json()["results"]] == ["appended", "rejected"]
    assert post(client, sent).status_code == 201


def test_a_version_that_is_not_the_subjects_is_refused(client: httpx.Client) -> None:
    sent = event()
    assert post(client, sent, **{"If-Match": '"0"'}).status_code == 201
    later = event("case.closed", subject=sent["subject"], data={"result": "issued"})
    is_problem(post(client, later, **{"If-Match": '"0"'}), 412, expected=0, found=1)
    assert post(client, later, **{"If-Match": '"1"'}).json()["version"] == 2


@pytest.mark.parametrize("value", ["1", "*", 'W/"1"', '"-1"', '"01"', '"x"', ""])
def test_a_version_written_otherwise_is_no_version(client: httpx.Client, value: str) -> None:
    is_problem(post(client, event(), **{"If-Match": value}), 400, field="If-Match")


def test_a_version_goes_with_one_event(client: httpx.Client) -> None:
    is_problem(post(client, [event()], **{"If-Match": '"0"'}), 400, field="If-Match")


def test_of_two_who_expect_the_same_version_one_wins(served) -> None:
    subject = event()["subject"]
    gate = threading.Barrier(8)
    codes: list[int] = []

    def send() -> None:
        with httpx.Client(base_url=served.address, timeout=60) as own:
            gate.wait()
            codes.append(post(own, event(subject=subject), **{"If-Match": '"0"'}).status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201] + [412] * 7
    assert served.client.get(f"/v1/cases/{subject}").json()["version"] == 1


def test_strict_handling_takes_what_no_strict_rule_forbids(client: httpx.Client) -> None:
    assert client.get("/v1/rules").json() == {"rules": []}
    response = post(client, event(), Prefer="handling=strict")
    assert response.status_code == 201
    assert response.headers["preference-applied"] == "handling=strict"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1,]", b'{"a":1}}', b"\xff", b'{"id":"\xed\xa0\x80"}', b"NaN", b"[" * 5000],
)
def test_what_is_no_json_in_utf_8_is_refused_whole(client: httpx.Client, body: bytes) -> None:
    before = client.get("/v1/dead-letters").json()
    for kind in (SINGLE, BATCH):
        is_problem(client.post("/v1/events", content=body, headers=kind), 400)
    assert client.get("/v1/dead-letters").json() == before


def test_one_unreadable_place_in_a_batch_takes_nothing(client: httpx.Client) -> None:
    sent = event()
    body = b"[" + json.dumps(sent).encode() + b', {"id": nope}]'
    is_problem(client.post("/v1/events", content=body, headers=BATCH), 400)
    is_problem(client.get(f"/v1/cases/{sent['subject']}"), 404)


def test_a_batch_is_an_array(client: httpx.Client) -> None:
    body = json.dumps(event()).encode()
    is_problem(client.post("/v1/events", content=body, headers=BATCH), 400)


@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "", "application/cloudevents+json; charset=gbk"],
)
def test_another_content_type_is_not_taken(client: httpx.Client, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    is_problem(client.post("/v1/events", content=b"{}", headers=headers), 415)


def test_the_charset_may_be_named(client: httpx.Client) -> None:
    kind = 'application/cloudevents+json; charset="UTF-8"'
    assert post(client, event(), **{"Content-Type": kind}).status_code == 201


def test_more_than_ten_thousand_events_are_too_many(client: httpx.Client) -> None:
    for body in (b"[" + b"1," * 10_000 + b"1]", b"[" + b'"\\n",' * 10_000 + b"1]"):
        is_problem(client.post("/v1/events", content=body, headers=BATCH), 413)


def test_ten_thousand_events_are_a_batch(client: httpx.Client) -> None:
    response = post(client, [event(subject="440306-full-batch") for _ in range(10_000)])
    statuses = [one["status"] for one in response.json()["results"]]
    assert statuses == ["appended"] * 10_000


def test_seventeen_mebibytes_are_too_large(client: httpx.Client) -> None:
    body = b"[" + b" " * (17 * MIB) + b"]"
    is_problem(client.post("/v1/events", content=body, headers=BATCH), 413)


def test_sixteen_mebibytes_are_not(client: httpx.Client) -> None:
    body = b"[" + b" " * (16 * MIB - 2) + b"]"
    assert client.post("/v1/events", content=body, headers=BATCH).status_code == 200


def _zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": _zstd,
    "bare deflate": _bare_deflate,
    "two gzip members": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]),
}
ENCODING = {"bare deflate": "deflate", "two gzip members": "gzip"}


@pytest.mark.parametrize("name", PACKERS)
def test_a_body_may_be_compressed(client: httpx.Client, name: str) -> None:
    body = PACKERS[name](json.dumps([event(), event()]).encode())
    headers = {**BATCH, "Content-Encoding": ENCODING.get(name, name)}
    response = client.post("/v1/events", content=body, headers=headers)
    assert [one["status"] for one in response.json()["results"]] == ["appended"] * 2


@pytest.mark.parametrize("name", PACKERS)
def test_a_compressed_bomb_is_too_large(client: httpx.Client, name: str) -> None:
    body = PACKERS[name](b"[" + b" " * (200 * MIB) + b"]")
    assert len(body) < MIB
    headers = {**BATCH, "Content-Encoding": ENCODING.get(name, name)}
    is_problem(client.post("/v1/events", content=body, headers=headers), 413)


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd"])
def test_broken_compression_is_unreadable(client: httpx.Client, name: str) -> None:
    whole = PACKERS[name](json.dumps([event()]).encode())
    for body in (b"not compressed", whole[:-9]):
        headers = {**BATCH, "Content-Encoding": name}
        is_problem(client.post("/v1/events", content=body, headers=headers), 400)


def test_an_unknown_compression_is_not_taken(client: httpx.Client) -> None:
    is_problem(post(client, event(), **{"Content-Encoding": "br"}), 415)


def test_a_repeated_key_in_a_batch_is_found(client: httpx.Client) -> None:
    good, bad = event(), event()
    twice = json.dumps(bad).replace('"time":', '"id": "other", "time":').encode()
    body = b"[" + json.dumps(good).encode() + b", " + twice + b"]"
    results = client.post("/v1/events", content=body, headers=BATCH).json()["results"]
    assert [one["status"] for one in results] == ["appended", "rejected"]
    assert results[1]["errors"] == [
        {"path": "id", "expected": "each key once in an object", "found": "the key twice"}
    ]


def test_elements_that_only_a_careful_reader_can_cut_are_refused_one_by_one(
    client: httpx.Client,
) -> None:
    good = event()
    odd = [b'"\\ud800"', b"1e400", b"1" * 5000, b'{"id": "\\ud800"}']
    body = b"[ " + b" ,\n".join([*odd, json.dumps(good).encode()]) + b"\t]\r\n"
    results = client.post("/v1/events", content=body, headers=BATCH).json()["results"]
    assert [one["status"] for one in results] == ["rejected"] * 4 + ["appended"]


def test_sending_in_a_batch_after_sending_alone_changes_nothing(client: httpx.Client) -> None:
    sent = event(data={"receipt_no": '逃逸\\"\n', "raw": {"n": 1.50, "big": 2**53 - 1}})
    assert post(client, sent).status_code == 201
    for body in (json.dumps([sent]), json.dumps([sent], ensure_ascii=False, indent=3)):
        response = client.post("/v1/events", content=body.encode(), headers=BATCH)
        assert response.json()["results"][0]["status"] == "duplicate"


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (b'[{"a": 1}, 2, "x"]', [b'{"a":1}', b"2", b'"x"']),
        (b'[{"a":1,"a":2}]', [b'{"a":1,"a":2}']),
        (b'[ "\\"," , [ ] ]', [b'"\\","', b"[ ]"]),
        (b"[]", []),
        (b'["\\ud800", {}]', [b'"\\ud800"', b"{}"]),
    ],
)
def test_a_batch_is_cut_at_its_exact_places(text: bytes, elements: list[bytes]) -> None:
    assert events_of_batch(text) == elements


def test_one_event_is_passed_on_as_it_was_sent() -> None:
    text = b' {"a": 1.50, "a": "\\ud800"}\n'
    assert event_of_body(text) is text
    with pytest.raises(Problem):
        event_of_body(text + b"x")


def test_a_request_has_an_id_and_one_line_in_the_log(served) -> None:
    sent = event(data={"receipt_no": "SECRET-1"})
    response = post(served.client, sent, "?dry_run=false", **{"X-Request-ID": "mine-1"})
    assert response.headers["x-request-id"] == "mine-1"
    lines = [line for line in served.lines if line.get("request_id") == "mine-1"]
    assert len(lines) == 1
    assert lines[0] | {"duration_ms": 0} == {
        "event": "request",
        "request_id": "mine-1",
        "method": "POST",
        "route": "/v1/events",
        "status": 201,
        "duration_ms": 0,
        "events": {"appended": 1},
    }
    made = served.client.get("/v1/cases/440306-SECRET", headers={"X-Request-ID": "bad id"})
    assert len(made.headers["x-request-id"]) == 36
    assert "SECRET" not in json.dumps(served.lines)
