from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import httpx
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.api.requests import event, is_problem, post

RECEIVED = {
    "item": {"code": "XK-001", "version": 2},
    "kind": "promised",
    "channel": "window",
    "applicant": {"kind": "organisation", "name": "某公司", "id_type": "uscc", "id_no": "91440300"},
}
CLERK = {"id": "B1024", "role": "window", "department": "440306-SCJG"}


def _append(client: httpx.Client, *events: dict[str, Any]) -> int:
    response = post(client, list(events))
    assert {one["status"] for one in response.json()["results"]} <= {"appended", "duplicate"}
    position: int = response.json()["position"]
    return position


@pytest.fixture(scope="module")
def cases(served) -> int:
    """One case in every status; the position that holds them."""
    steps: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "received": [],
        "correcting": [
            ("correction.requested", {"items": [{"code": "M1"}], "reason": "缺页"}),
        ],
        "accepted": [
            ("correction.requested", {"items": [{"code": "M1"}], "reason": "缺页"}),
            ("correction.received", {"complete": True}),
            ("case.accepted", {"limits": {"promised_due": "2026-03-09"}}),
        ],
        "suspended": [
            ("case.accepted", {"limits": {"promised_due": "2026-03-09"}}),
            ("clock.suspended", {"seq": 1, "kind": "hearing", "reason": "r", "approver": "C1"}),
            ("clock.resumed", {"seq": 1}),
            ("clock.suspended", {"seq": 1, "kind": "hearing", "reason": "r", "approver": "C1"}),
        ],
        "decided": [("case.accepted", {}), ("decision.made", {"outcome": "granted"})],
        "closed": [("case.accepted", {}), ("case.closed", {"result": "issued"})],
        "declined": [("case.declined", {"kind": "not_required", "reason": "r"})],
        "withdrawn": [("case.withdrawn", {"reason": "r"})],
        "voided": [("case.closed", {"result": "issued"}), ("case.voided", {"reason": "r"})],
        "reopened": [("case.closed", {"result": "issued"}), ("case.reopened", {"reason": "r"})],
    }
    events = []
    for name, following in steps.items():
        sequence = [("case.received", RECEIVED), *following]
        for minute, (kind, data) in enumerate(sequence):
            time = f"2026-03-02T09:{minute:02}:00+08:00"
            actor = {"actor": CLERK}
            events.append(event(kind, subject=f"search:{name}", time=time, data=data | actor))
    return _append(served.client, *events)


def _found(client: httpx.Client, known: int, /, **query: object) -> list[dict[str, Any]]:
    parameters = {"number": "search:", "min_position": known, **query}
    response = client.get("/v1/cases", params=parameters)  # type: ignore[arg-type]
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["cases"]
    return found


def test_the_search_knows_every_status_as_the_case_does(client: httpx.Client, cases: int) -> None:
    found = _found(client, cases)
    assert len(found) == 10
    for one in found:
        state = client.get(f"/v1/cases/{quote(one['case'])}").json()
        for name in ("status", "department", "officer", "item", "kind", "received", "result"):
            assert one[name] == state[name], one["case"]


def test_cases_are_found_by_status(client: httpx.Client, cases: int) -> None:
    for status in ("received", "correcting", "suspended", "decided", "declined", "withdrawn"):
        names = {one["case"] for one in _found(client, cases, status=status)}
        expected = {f"search:{status}"} | ({"search:reopened"} if status == "received" else set())
        assert names == expected


def test_cases_are_found_by_their_fields(client: httpx.Client, cases: int) -> None:
    everything = {one["case"] for one in _found(client, cases)}
    for name, value in (("item", "XK-001"), ("department", "440306-SCJG"), ("officer", "B1024")):
        assert {one["case"] for one in _found(client, cases, **{name: value})} == everything
        assert _found(client, cases, **{name: value + "x"}) == []
    assert len(_found(client, cases, received_from="2026-03-02", received_to="2026-03-03")) == 10
    assert _found(client, cases, received_to="2026-03-02") == []


def test_a_case_past_the_due_date_that_was_reported_is_overdue(
    client: httpx.Client, cases: int
) -> None:
    overdue = {one["case"] for one in _found(client, cases, overdue="true", as_of="2026-03-10")}
    assert overdue == {"search:accepted"}
    assert _found(client, cases, overdue="true", as_of="2026-03-09") == []
    within = {one["case"] for one in _found(client, cases, overdue="false", as_of="2026-03-09")}
    assert within == {"search:accepted", "search:suspended"}


def test_a_search_can_ask_at_a_point(client: httpx.Client, cases: int) -> None:
    found = _found(client, cases, as_of="2026-03-02T09:00:30+08:00")
    assert {one["status"] for one in found} == {"received"}
    assert _found(client, cases, as_of="2026-03-01") == []
    first = client.get("/v1/cases/search:received").json()["position"]
    assert [one["case"] for one in _found(client, cases, position=first)] == ["search:received"]


def test_pages_follow_each_other_without_a_gap(client: httpx.Client, cases: int) -> None:
    whole = [one["case"] for one in _found(client, cases)]
    assert whole == sorted(whole)
    for extra in ({}, {"status": "received"}):
        paged, page = [], None
        for _ in range(len(whole) + 1):
            query = {"number": "search:", "limit": "1", **extra} | ({"page": page} if page else {})
            answer = client.get("/v1/cases", params=query).json()
            paged += [one["case"] for one in answer["cases"]]
            page = answer["next"]
            if page is None:
                break
        assert paged == [one["case"] for one in _found(client, cases, **extra)]


def test_a_page_token_that_was_not_given_is_refused(client: httpx.Client, cases: int) -> None:
    query = {"number": "search:", "limit": "1"}
    token = client.get("/v1/cases", params=query).json()["next"]
    altered = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for page in ("made-up", altered, "=", "é", token + "AAAA", ""):
        is_problem(client.get("/v1/cases", params={**query, "page": page}), 400, field="page")
    other = {"number": "search", "limit": "1", "page": token}
    is_problem(client.get("/v1/cases", params=other), 400, field="page")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("received_from=2026-03-03&received_to=2026-03-02", "received_from"),
        ("received_from=yesterday", "received_from"),
        ("status=eaten", "status"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("overdue=perhaps", "overdue"),
        ("from=2026-03-03", "from"),
        ("position=0", "position"),
        ("position=9223372036854775808", "position"),
        ("as_of=2026-02-30", "as_of"),
        ("min_position=-1", "min_position"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    client: httpx.Client, query: str, field: str
) -> None:
    is_problem(client.get(f"/v1/cases?{query}"), 400, field=field)


def test_the_state_of_a_case_at_any_point(client: httpx.Client, cases: int) -> None:
    path = "/v1/cases/search:closed"
    now = client.get(path).json()
    assert (now["status"], now["result"]) == ("closed", "issued")
    then = client.get(path, params={"as_of": "2026-03-02T09:00:00+08:00"}).json()
    assert (then["status"], then["at"]) == ("received", "2026-03-02T09:00:00+08:00")
    earlier = client.get(path, params={"position": now["position"] - 1}).json()
    assert earlier["status"] == "accepted"
    is_problem(client.get(path, params={"known_at": "2020-01-01"}), 404, case="search:closed")


def test_the_history_of_a_case_names_what_each_event_changed(
    client: httpx.Client, cases: int
) -> None:
    answer = client.get("/v1/cases/search:closed/history").json()
    assert [one["type"] for one in answer["events"]] == [
        "case.received", "case.accepted", "case.closed",
    ]  # fmt: skip
    changed = {change["path"]: change for change in answer["events"][2]["changes"]}
    assert (changed["status"]["from"], changed["status"]["to"]) == ("accepted", "closed")
    assert all(one["lag_seconds"] > 0 for one in answer["events"])


def test_a_difference_between_two_points_of_knowledge(client: httpx.Client, cases: int) -> None:
    last = client.get("/v1/cases/search:closed").json()["position"]
    path = "/v1/cases/search:closed/diff"
    answer = client.get(path, params={"from": last - 2, "to": last}).json()
    changed = {change["path"]: change for change in answer["changes"]}
    assert (changed["status"]["from"], changed["status"]["to"]) == ("received", "closed")
    assert answer["from"]["position"] == last - 2
    is_problem(client.get(path, params={"from": last, "to": last - 1}), 400, field="from")
    is_problem(client.get(path, params={"from": "2026-03-03", "to": "2026-03-02"}), 400)
    is_problem(client.get(path), 400, field="from")
    is_problem(client.get("/v1/cases/nobody/diff", params={"from": 1}), 404)


@pytest.mark.parametrize("number", ["nobody", "a%00b", "a%0Ab", "a%20b", "x" * 129, "%FF"])
def test_a_case_that_is_not_there_is_not_found(client: httpx.Client, number: str) -> None:
    for path in ("", "/history"):
        assert client.get(f"/v1/cases/{number}{path}").status_code == 404


def test_numbers_may_hold_what_numbers_hold(client: httpx.Client) -> None:
    for number in ("日志:案 卷".replace(" ", ""), "a?b#c%d;e=f&g", "..", "."):
        sent = event(subject=number)
        assert post(client, sent).status_code == 201
        response = client.get("/v1/cases/" + quote(number, safe="").replace(".", "%2E"))
        assert response.json()["case"] == number


VIEWS = ("timeliness", "satisfaction", "traceability")


@pytest.mark.parametrize("view", VIEWS)
def test_figures_are_the_same_in_every_format(client: httpx.Client, cases: int, view: str) -> None:
    path = f"/v1/statistics/{view}?group_by=item,month&position={cases}"
    answer = client.get(path).json()
    assert (answer["view"], answer["position"]) == (view, cases)
    assert answer["definition"].keys() == {"id", "version"}
    assert answer["rows"]
    tables = {}
    for format, media_type in (
        ("csv", "text/csv"),
        ("parquet", "application/vnd.apache.parquet"),
        ("arrow", "application/vnd.apache.arrow.stream"),
    ):
        by_name = client.get(f"{path}&format={format}")
        by_accept = client.get(path, headers={"Accept": f"image/png, {media_type};q=0.5"})
        assert by_name.status_code == 200, by_name.text
        assert by_name.content == by_accept.content
        assert by_name.headers["content-type"].split(";")[0] == media_type
        assert by_name.headers["caseledger-position"] == str(cases)
        assert by_name.headers["caseledger-at"] == answer["at"]
        assert by_name.headers["caseledger-definition"].split() == list(
            answer["definition"].values()
        )
        tables[format] = by_name.content
    parquet = pyarrow.parquet.read_table(io.BytesIO(tables["parquet"]))
    arrow = pa.ipc.open_stream(tables["arrow"]).read_all()
    assert parquet.to_pylist() == arrow.to_pylist() == answer["rows"]
    assert json.loads(arrow.schema.metadata[b"caseledger"])["position"] == cases
    assert arrow.schema.field("item").type == pa.string()
    csv = pyarrow.csv.read_csv(
        io.BytesIO(tables["csv"]),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=arrow.schema, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    assert csv.to_pylist() == answer["rows"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("traceability?from=2026-03-03&to=2026-03-02", 400, "from"),
        ("traceability?group_by=shoe_size", 400, "group_by"),
        ("traceability?group_by=item,item", 400, "group_by"),
        ("traceability?basis=guess", 400, "basis"),
        ("traceability?format=xlsx", 400, "format"),
        ("traceability?groupby=item", 400, "groupby"),
        ("shoes", 404, "view"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    client: httpx.Client, query: str, status: int, field: str
) -> None:
    is_problem(client.get(f"/v1/statistics/{query}"), status, field=field)


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "text/html, image/*"])
def test_a_format_that_there_is_not_is_not_acceptable(client: httpx.Client, accept: str) -> None:
    headers = {"Accept": accept}
    is_problem(client.get("/v1/statistics/traceability", headers=headers), 406, field="Accept")
    is_problem(client.get("/v1/events", headers=headers), 406, field="Accept")


def test_a_position_that_nobody_has_a_receipt_for_is_not_waited_for(client) -> None:
    head = post(client, [event()]).json()["position"]
    path = "/v1/statistics/traceability"
    answer = client.get(path, params={"min_position": head})
    assert answer.json()["position"] >= head
    is_problem(client.get(path, params={"min_position": head + 1}), 400, field="min_position")


def test_a_refused_event_is_kept_and_can_be_tried_again(client: httpx.Client) -> None:
    bad = event("case.eaten", data={"reason": "机密"})
    post(client, bad)
    post(client, bad)
    letters = client.get("/v1/dead-letters", params={"limit": 1}).json()["dead_letters"]
    assert letters[0]["event_id"] == bad["id"]
    assert (letters[0]["count"], letters[0]["status"]) == (2, "rejected")
    assert letters[0]["errors"][0]["path"] == "type"
    assert "机密" not in json.dumps(letters, ensure_ascii=False)
    again = client.post(f"/v1/dead-letters/{letters[0]['id']}/retry")
    is_problem(again, 422, event_id=bad["id"])
    first = client.get("/v1/dead-letters", params={"limit": 1}).json()["dead_letters"][0]
    assert (first["id"], first["count"]) == (letters[0]["id"], 3)


def test_a_letter_whose_reason_is_gone_is_appended(client: httpx.Client) -> None:
    taken = event()
    post(client, taken)
    post(client, taken | {"data": {"receipt_no": "other"}})
    letter = client.get("/v1/dead-letters", params={"limit": 1}).json()["dead_letters"][0]
    assert letter["status"] == "conflict"
    is_problem(client.post(f"/v1/dead-letters/{letter['id']}/retry"), 409)


def test_a_letter_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    is_problem(
        client.post("/v1/dead-letters/00000000-0000-0000-0000-000000000000/retry"), 404, field="id"
    )
    is_problem(client.post("/v1/dead-letters/nonsense/retry"), 400, field="id")


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/events/", "/v1/cases/a/b/c", "/operator/status"])
def test_an_unknown_route_is_not_found(client: httpx.Client, path: str) -> None:
    is_problem(client.get(path), 404)


def test_another_method_is_not_allowed(client: httpx.Client) -> None:
    response = client.delete("/v1/events")
    is_problem(response, 405)
    assert response.headers["allow"] == "GET, POST"


def test_health_and_readiness(client: httpx.Client, cases: int) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    client.get("/v1/statistics/traceability", params={"min_position": cases})
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["ready"] is True
    assert set(ready.json()["checks"].values()) == {"ok"}
    assert ready.json()["projected"] >= cases


def test_what_is_measured(client: httpx.Client) -> None:
    def value(name: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    appended = value('caseledger_events_total{status="appended"}')
    refused = value('caseledger_refused_total{reason="type"}')
    batches = value("caseledger_batch_events_count")
    post(client, [event(), event(), event("case.eaten")])
    assert value('caseledger_events_total{status="appended"}') == appended + 2
    assert value('caseledger_refused_total{reason="type"}') == refused + 1
    assert value("caseledger_batch_events_count") == batches + 1
    assert value("caseledger_position") > 0
    assert value("caseledger_request_seconds_count") > 0
    assert value("caseledger_followers") == 0


def test_every_operation_is_described_with_an_example_and_its_problems(
    client: httpx.Client,
) -> None:
    description = client.get("/openapi.json").json()
    assert client.get("/docs").status_code == 200
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            assert "500" in responses, (method, path)
            for status, response in responses.items():
                for kind, content in response["content"].items():
                    text = kind.startswith(("application/json", "application/problem"))
                    assert not text or "example" in content, (method, path, status)
                if int(status) >= 400 and path != "/readyz":
                    assert list(response["content"]) == ["application/problem+json"]
