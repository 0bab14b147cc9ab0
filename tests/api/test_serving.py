from __future__ import annotations

import json
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from api.remote import RemoteDesk
from api.serving.server import Server
from api.settings import Settings
from api.socket_path import socket_path
from domain.errors import CaseNotFound, PartUnavailable, ProjectionError, WrongUse
from replay.point import Point
from tests.api.command_line import CommandLine
from tests.api.conftest import Running, running
from tests.api.requests import event, is_problem, post
from tests.api.server_process import PATIENCE, process

pytestmark = pytest.mark.postgres


@pytest.fixture
def caseledger(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def _belonging_to(folder: Path) -> list[psutil.Process]:
    """Processes that work on a data folder."""
    found = []
    for one in psutil.process_iter(["cmdline"]):
        words = one.info["cmdline"] or []
        if any(str(folder) in word for word in words):
            found.append(one)
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_nothing_of_it_is_left(
    tmp_path: Path, caseledger: CommandLine, number: int
) -> None:
    with process(tmp_path) as server:
        client = server.wait_until_serving()
        assert post(client, event()).status_code == 201
        assert _belonging_to(tmp_path)
        assert server.end(number) == 0
    assert _belonging_to(tmp_path) == []
    assert not socket_path(tmp_path / "data").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.address}/healthz")
    assert caseledger.json("status")["position"] == 1


def test_requests_that_run_are_finished_and_followers_are_ended(tmp_path: Path) -> None:
    with process(tmp_path) as server:
        client = server.wait_until_serving()
        answers: list[httpx.Response] = []
        started = threading.Barrier(5)

        def send(number: int) -> None:
            batch = [event(subject=f"c-{number}", id=f"{number}-{i}") for i in range(3_000)]
            with httpx.Client(base_url=server.address, timeout=PATIENCE) as own:
                own.get("/healthz")
                started.wait()
                answers.append(post(own, batch))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        headers = {"Accept": "text/event-stream"}
        with client.stream("GET", "/v1/events", headers=headers) as following:
            lines = following.iter_lines()
            started.wait()
            while not next(lines).startswith("id: "):
                pass
            server.child.send_signal(signal.SIGTERM)
            for _ in lines:
                pass
        for thread in threads:
            thread.join()
        assert server.end() == 0
    acknowledged = [one for answer in answers for one in answer.json()["results"]]
    assert [one["status"] for one in acknowledged] == ["appended"] * 12_000


def test_the_second_server_says_who_has_the_folder(tmp_path: Path, caseledger: CommandLine) -> None:
    with process(tmp_path) as first:
        first.wait_until_serving()
        done = caseledger.run("serve", "--port", "0", code=3)
        said = done.stderr.decode()
        assert f"process {first.child.pid}" in said
        assert first.address in said
        with httpx.Client(base_url=first.address) as client:
            assert client.get("/healthz").status_code == 200


def test_a_port_that_is_taken_is_named(caseledger: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = caseledger.run("serve", "--port", port, code=3)
    assert port in done.stderr.decode()


def test_an_address_that_others_reach_has_to_be_meant(
    tmp_path: Path, caseledger: CommandLine
) -> None:
    done = caseledger.run("serve", "--host", "0.0.0.0", "--port", "0", code=2)
    assert "--insecure-without-keys" in done.stderr.decode()
    with process(tmp_path, "--host", "0.0.0.0", "--insecure-without-keys") as server:
        server.wait_until_serving()
    assert "WITHOUT KEYS" in "".join(server.text)


def test_every_command_works_beside_a_server(tmp_path: Path, caseledger: CommandLine) -> None:
    with process(tmp_path) as server:
        client = server.wait_until_serving()
        lines = b"\n".join(
            json.dumps(event(subject=subject)).encode() for subject in ("a", "b:1", "a")
        )
        taken = caseledger.json("append", "-", stdin=lines)
        assert (taken["appended"], taken["position"]) == (3, 3)
        for words in (
            ("statistics", "traceability", "--group-by", "source,month"),
            ("statistics", "timeliness", "--from", "2026-03-01", "--position", "2"),
        ):
            assert caseledger.json(*words)["rows"]
        status = caseledger.json("status")
        assert (status["position"], status["projected"]) == (3, 3)
        state = caseledger.json("case", "b:1")
        assert state["case"] == "b:1"
        assert len(caseledger.json("history", "a")["events"]) == 2
        assert caseledger.json("compare")["equal"] is True
        assert caseledger.json("rebuild") == {"projected": 3}
        out = tmp_path / "two.duckdb"
        assert caseledger.json("rebuild", "--until", "2", "-o", str(out)) == {"projected": 2}
        assert out.exists()
        caseledger.run("case", "nobody", code=1)
        wrong = caseledger.run("statistics", "shoes", code=2)
        unknown = caseledger.run("statistics", "traceability", "--group-by", "shoe", code=2)
        assert b"timeliness" in wrong.stderr
        assert b"group_by" in unknown.stderr
        routes = [json.loads(line).get("route") for line in server.text if line[0] == "{"]
        assert "/operator/compare" in routes
        assert client.get("/operator/status").status_code == 404
    assert caseledger.json("status") == status


def test_a_read_covers_what_was_acknowledged_before_it(
    tmp_path: Path, caseledger: CommandLine
) -> None:
    with process(tmp_path) as server:
        client = server.wait_until_serving()
        for round in range(1, 4):
            post(client, [event(id=f"{round}-{i}", subject=f"s-{i}") for i in range(3_000)])
            answer = caseledger.json("statistics", "traceability")
            assert answer["rows"][0]["events"] == 3_000 * round


def test_a_killed_servers_socket_is_in_nobodys_way(tmp_path: Path, caseledger: CommandLine) -> None:
    with process(tmp_path) as first:
        client = first.wait_until_serving()
        post(client, event())
        first.end(signal.SIGKILL)
    assert socket_path(tmp_path / "data").exists()
    assert caseledger.json("status")["position"] == 1
    with process(tmp_path) as second:
        assert second.wait_until_serving().get("/v1/events").text.count("\n") == 1
    assert not socket_path(tmp_path / "data").exists()


def test_a_data_folder_with_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    with running(deep / "data") as server:
        path = socket_path(deep / "data")
        assert not path.is_relative_to(tmp_path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        desk = RemoteDesk.of(deep / "data")
        assert desk is not None
        assert desk.status()["position"] == 0
        assert server.told
    assert not path.exists()


def test_the_socket_is_for_its_owner_alone(served: Running) -> None:
    assert socket_path(served.folder).stat().st_mode & 0o777 == 0o600


def test_a_remote_desk_answers_as_the_local_one_does(served: Running) -> None:
    position = post(served.client, [event(subject="remote:1"), event()]).json()["position"]
    desk = RemoteDesk.of(served.folder)
    assert desk is not None
    point = Point.parse(position=position)
    assert desk.case("remote:1", point)["case"] == "remote:1"
    changes = desk.diff("remote:1", Point(position=position - 1), Point(position=position))
    assert changes["to"]["position"] == position
    with pytest.raises(CaseNotFound) as missing:
        desk.history("nobody", Point())
    assert missing.value.case == "nobody"
    with pytest.raises(WrongUse) as wrong:
        desk.statistics("traceability", from_="2026-03-02", to="2026-03-01", point=point)
    assert wrong.value.field == "from"


def test_a_host_beyond_this_machine_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    settings = Settings({"CASELEDGER_DATA_DIR": str(tmp_path / "data")})
    with pytest.raises(WrongUse):
        Server(settings, host="192.0.2.1", port=0, log=print, tell=print)
    assert not (tmp_path / "data").exists()


def test_views_that_cannot_go_on_stop_where_everybody_sees_it(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        first = post(server.client, event())
        position = first.json()["position"]
        server.client.get("/v1/cases", params={"min_position": position})
        _break_next_event(server, position + 1)
        document = _until(server, ready=False)
        assert document["view_position"] == position + 1
        assert document["view"] == "trace"
        assert f"position {position + 1}" in document["checks"]["views"]
        response = server.client.get("/v1/cases", params={"min_position": position + 1})
        is_problem(response, 503, view="trace", position=position + 1)
        assert server.client.get("/v1/cases").json()["position"] == position
        assert post(server.client, event()).status_code == 201
        desk = RemoteDesk.of(server.folder)
        assert desk is not None
        with pytest.raises(ProjectionError) as stopped:
            desk.statistics("traceability", point=Point())
        assert (stopped.value.view, stopped.value.position) == ("trace", position + 1)


def _break_next_event(server: Running, position: int) -> None:
    """The database's owner puts in what no ledger would."""
    import psycopg

    from ledger.embedded import EmbeddedPostgres

    with (
        EmbeddedPostgres.start(server.folder) as owner,
        psycopg.connect(owner.uri(), autocommit=True) as connection,
    ):
        connection.execute(
            "INSERT INTO ledger.event (position, subject, version, type, identity, content, bytes) "
            "VALUES (%s, 'x', 1, 'case.accepted', gen_random_uuid(), '\\x00', %s)",
            (position, b'{"recordedat":"2026-03-02T01:30:00.123456Z"}'),
        )
        connection.execute("NOTIFY stored_event")


def _until(server: Running, *, ready: bool) -> dict[str, Any]:
    """What /readyz says once it says so."""
    for _ in range(600):
        response = server.client.get("/readyz")
        document: dict[str, Any] = response.json()
        if document["ready"] is ready:
            assert response.status_code == (200 if ready else 503)
            return document
        server.client.get("/v1/cases", params={"min_position": 2**62})
    raise AssertionError(document)


def _until_projected(server: Running, position: int) -> None:
    for _ in range(60):
        if server.client.get("/v1/cases", params={"min_position": position}).status_code == 200:
            return
    raise AssertionError(server.client.get("/readyz").text)


def test_an_embedded_database_that_died_is_revived(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        sent = [event() for _ in range(50)]
        assert post(server.client, sent[:25]).status_code == 200
        pid = int((tmp_path / "data" / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        statuses = []
        for _ in range(200):
            response = post(server.client, sent)
            statuses.append(response.status_code)
            if response.status_code == 200:
                break
            document = is_problem(response, 503)
            assert document["part"]
            assert response.headers["retry-after"]
        assert statuses[-1] == 200, statuses
        results = [one["status"] for one in response.json()["results"]]
        assert results == ["duplicate"] * 25 + ["appended"] * 25
        _until_projected(server, 50)
        document = _until(server, ready=True)
        assert document["projected"] == document["position"] == 50


def test_a_simulated_ledger_stays_one(tmp_path: Path, caseledger: CommandLine) -> None:
    delivered = event(deliveredat="2025-03-02T10:00:00+08:00")
    line = json.dumps(delivered).encode()
    with process(tmp_path, SIMULATED="1") as server:
        client = server.wait_until_serving()
        taken = caseledger.json("append", "-", stdin=line, SIMULATED="1")
        assert taken["appended"] == 1
        state = client.get(f"/v1/cases/{delivered['subject']}").json()
        assert state["at"] == "2025-03-02T10:00:00+08:00"
        assert caseledger.json("status")["simulated"] is True
        figures = client.get("/v1/statistics/traceability?min_position=1")
        assert figures.status_code == 200, figures.text
        assert figures.json()["at"] == state["at"]
    assert caseledger.json("append", "-", stdin=line)["duplicate"] == 1
    refused = caseledger.run("status", code=2, SIMULATED="0")
    assert b"CASELEDGER_SIMULATED" in refused.stderr


def test_an_ordinary_ledger_never_becomes_a_simulated_one(caseledger: CommandLine) -> None:
    line = json.dumps(event(deliveredat="2025-03-02T10:00:00+08:00")).encode()
    assert caseledger.json("append", "-", stdin=line, code=1)["rejected"] == 1
    taken = caseledger.json("append", "-", "--strip-delivery", stdin=line)
    assert taken["appended"] == 1
    refused = caseledger.run("append", "-", stdin=line, code=2, SIMULATED="1")
    assert b"ordinary" in refused.stderr
    assert caseledger.json("status")["simulated"] is False
    caseledger.run("status", code=2, SIMULATED="yes")


def test_a_database_that_is_away_is_said_at_once(tmp_path: Path) -> None:
    settings = Settings(
        {
            "CASELEDGER_DATA_DIR": str(tmp_path / "data"),
            "CASELEDGER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        }
    )
    server = Server(settings, host="127.0.0.1", port=0, log=print, tell=print)
    with pytest.raises(PartUnavailable):
        server.run()
