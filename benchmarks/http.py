"""How long an upstream system waits: single events at a steady rate, batches, and the views behind.

A real server (`caseledger serve`) on a data folder of its own, clients in this process:

single   one event a request, at 200 requests a second: p50, p99 to the durable receipt
batch    1,000 events a request from two clients: events a second to durable receipts
visible  from a batch's receipt to its position in the views, at 5,000 events a second: p50, p99

Run it as `python -m benchmarks.http [--seconds N]`; the last line is JSON.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from benchmarks.workload import lines

SINGLE_RATE = 200
VISIBLE_RATE = 5_000
BATCH = 1_000
_SINGLE = "application/cloudevents+json"
_BATCH = "application/cloudevents-batch+json"
_PROJECTED = re.compile(rb"^caseledger_projected_position ([0-9.e+]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """What one run measured; milliseconds and events a second."""

    single_p50_ms: float
    single_p99_ms: float
    batch_events_per_second: float
    visible_p50_ms: float
    visible_p99_ms: float
    python: str
    cores: int | None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="for each of the three")
    seconds = parser.parse_args().seconds
    result = measure(seconds)
    print(
        f"single, {SINGLE_RATE}/s     p50 {result.single_p50_ms:.1f} ms  "
        f"p99 {result.single_p99_ms:.1f} ms   (p99 under 50)"
    )
    print(f"batches of {BATCH}   {result.batch_events_per_second:.0f} events/s")
    print(
        f"visible, {VISIBLE_RATE}/s   p50 {result.visible_p50_ms:.0f} ms  "
        f"p99 {result.visible_p99_ms:.0f} ms   (p99 under 1000)"
    )
    print(orjson.dumps(asdict(result)).decode())


def measure(seconds: int) -> Result:
    """All three, one after the other, on one server."""
    need = SINGLE_RATE * seconds + VISIBLE_RATE * seconds + 40_000 * seconds
    events = lines(need // 10 + 1)
    with tempfile.TemporaryDirectory(prefix="caseledger-bench-") as folder, _server(folder) as port:
        _post(_connection(port), _BATCH, _joined(list(islice(events, BATCH))))
        single = _single(port, list(islice(events, SINGLE_RATE * seconds)))
        batch = _batches(port, events, seconds)
        visible = _visible(port, events, seconds)
    return Result(
        single_p50_ms=_quantile(single, 0.5) * 1e3,
        single_p99_ms=_quantile(single, 0.99) * 1e3,
        batch_events_per_second=batch,
        visible_p50_ms=_quantile(visible, 0.5) * 1e3,
        visible_p99_ms=_quantile(visible, 0.99) * 1e3,
        python=sys.version.split()[0],
        cores=os.cpu_count(),
    )


@contextmanager
def _server(folder: str) -> Iterator[int]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CASELEDGER_")}
    log = Path(folder) / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--port", "0"],
            env=environment | {"CASELEDGER_DATA_DIR": str(Path(folder) / "data")},
            stdout=out,
            stderr=out,
        )
        try:
            yield _port(process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(rb"serving http://127\.0\.0\.1:(\d+)", log.read_bytes())
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise SystemExit(log.read_text("utf-8"))


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _post(connection: http.client.HTTPConnection, kind: str, body: bytes) -> Any:
    connection.request("POST", "/v1/events", body, {"Content-Type": kind})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status not in (200, 201):
        raise SystemExit(f"{answer.status}: {text[:500]!r}")
    return orjson.loads(text)


def _joined(events: list[bytes]) -> bytes:
    return b"[" + b",".join(events) + b"]"


def _single(port: int, events: list[bytes]) -> list[float]:
    """Open-loop: a request starts when it is due, whatever became of those before it, and its
    latency counts from then."""
    local = threading.local()
    start = time.perf_counter() + 0.5

    def send(index: int) -> float:
        due = start + index / SINGLE_RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(local, "connection"):
            local.connection = _connection(port)
        _post(local.connection, _SINGLE, events[index])
        return time.perf_counter() - due

    with ThreadPoolExecutor(32) as clients:
        return list(clients.map(send, range(len(events))))


def _batches(port: int, events: Iterator[bytes], seconds: int) -> float:
    lock = threading.Lock()
    end = time.perf_counter() + seconds

    def send(_: int) -> int:
        connection, sent = _connection(port), 0
        while time.perf_counter() < end:
            with lock:
                some = list(islice(events, BATCH))
            _post(connection, _BATCH, _joined(some))
            sent += len(some)
        return sent

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as clients:
        sent = sum(clients.map(send, range(2)))
    return sent / (time.perf_counter() - start)


def _visible(port: int, events: Iterator[bytes], seconds: int) -> list[float]:
    seen: list[tuple[float, int]] = []
    stop = threading.Event()

    def watch() -> None:
        connection = _connection(port)
        while not stop.is_set():
            seen.append((time.perf_counter(), _projected(connection)))
            time.sleep(0.01)

    _until_projected(port, lambda position: position >= _head(port))
    watcher = threading.Thread(target=watch)
    watcher.start()
    connection, receipts = _connection(port), []
    per_batch = VISIBLE_RATE // 10
    start = time.perf_counter()
    for turn in range(seconds * 10):
        time.sleep(max(0.0, start + turn / 10 - time.perf_counter()))
        answer = _post(connection, _BATCH, _joined(list(islice(events, per_batch))))
        receipts.append((time.perf_counter(), int(answer["position"])))
    _until_projected(port, lambda position: position >= receipts[-1][1])
    stop.set()
    watcher.join()
    seen.append((time.perf_counter(), receipts[-1][1]))
    found = iter(seen)
    moment, position = next(found)
    waits = []
    for received, wanted in receipts:
        while position < wanted:
            moment, position = next(found)
        waits.append(max(0.0, moment - received))
    return waits


def _head(port: int) -> int:
    connection = _connection(port)
    connection.request("GET", "/readyz")
    return int(orjson.loads(connection.getresponse().read())["position"])


def _projected(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/metrics")
    found = _PROJECTED.search(connection.getresponse().read())
    return 0 if found is None else int(float(found[1]))


def _until_projected(port: int, enough: Callable[[int], bool]) -> None:
    connection = _connection(port)
    deadline = time.monotonic() + 300
    while not enough(_projected(connection)):
        if time.monotonic() > deadline:
            raise SystemExit("the views did not catch up in five minutes")
        time.sleep(0.05)


def _quantile(values: list[float], q: float) -> float:
    return statistics.quantiles(values, n=1_000, method="inclusive")[round(q * 1_000) - 1]


if __name__ == "__main__":
    main()
