"""A small load generator, run as a process of its own: ``python -m benchmarks.client`` reads a task, prints a result.

Keep-alive connections, each with one request under way at a time. Raw sockets, because a fuller client would take more
time for a request than the pages it is to measure.
"""

import contextlib
import json
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass

PATIENCE = 30.0  # seconds without any answer


@dataclass(frozen=True)
class Task:
    """What to ask for: at most ``most`` requests in at most ``seconds``."""

    port: int
    path: str
    cookie: str
    connections: int
    seconds: float
    most: int
    headers: str = ""
    status: int = 200


@dataclass(frozen=True)
class Result:
    """What came back; latencies in milliseconds."""

    seconds: float
    body_bytes: int
    latencies: list[float]


class AnswerError(Exception):
    """The page did not answer as it should; nothing was measured."""


class Connection:
    """One keep-alive connection."""

    def __init__(self, task: Task) -> None:
        self.socket = socket.create_connection(("127.0.0.1", task.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = (
            f"GET {task.path} HTTP/1.1\r\nHost: 127.0.0.1:{task.port}\r\nCookie: {task.cookie}\r\n"
            f"{task.headers}Accept: text/html\r\nConnection: keep-alive\r\n\r\n"
        ).encode()
        self._received = bytearray()
        self._started = 0.0
        self._status = str(task.status).encode()

    def ask(self) -> None:
        """Send the request."""
        self._received.clear()
        self._started = time.perf_counter()
        self.socket.sendall(self._request)

    def take(self) -> tuple[float, int] | None:
        """Read what is there; return latency in milliseconds and body length when the answer is whole."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise AnswerError("The server closed the connection.")
        self._received += piece
        head, separator, body = bytes(self._received).partition(b"\r\n\r\n")
        if not separator:
            return None
        status = head.split(b" ", 2)[1]
        if status != self._status:
            raise AnswerError(f"The page answered {status.decode()}.")
        length = 0 if status == b"304" else _content_length(head)
        if len(body) < length:
            return None
        return (time.perf_counter() - self._started) * 1_000, length


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise AnswerError("The page does not say how long it is.")


def run(task: Task) -> Result:
    """Ask until the time or the number is used up; answers still under way then count, too."""
    latencies: list[float] = []
    body_bytes = asked = 0
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as open_sockets:
        connections = [Connection(task) for _ in range(min(task.connections, task.most))]
        for connection in connections:
            open_sockets.enter_context(connection.socket)
        started = time.perf_counter()
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
            asked += 1
        while len(latencies) < asked:
            ready = selector.select(PATIENCE)
            if not ready:
                raise AnswerError(f"The page did not answer within {PATIENCE:.0f} seconds.")
            for key, _ in ready:
                answer = key.data.take()
                if answer is None:
                    continue
                latencies.append(answer[0])
                body_bytes = answer[1]
                if asked < task.most and time.perf_counter() - started < task.seconds:
                    key.data.ask()
                    asked += 1
        seconds = time.perf_counter() - started
    return Result(seconds, body_bytes, latencies)


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(run(Task(**json.load(sys.stdin))))))
    except (AnswerError, OSError) as failure:
        sys.exit(str(failure))
