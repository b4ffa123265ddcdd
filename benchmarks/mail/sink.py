"""A mail server that keeps only the Message-IDs: ``python -m benchmarks.mail.sink PORT FILE MODE_FILE``.

Each accepted message becomes a line of FILE: the moment (seconds, monotonic) and its Message-ID. MODE_FILE may hold, at
any time, how to misbehave: ``refuse`` closes connections, ``451`` answers every message with a try-later, a number is
the seconds to wait before each answer to DATA. Written on asyncio alone, so that it costs less than what it measures.
"""

import asyncio
import os
import re
import sys
import time
from pathlib import Path
from typing import cast

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250-SIZE 33554432\r\n250 8BITMIME\r\n", b"HELO": b"250 sink\r\n"}
_MODE_LASTS = 0.2  # seconds for which a mode that was read counts


class Sink:
    """What all connections share: the file of what arrived, and how to behave."""

    def __init__(self, file: Path, mode_file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._mode_file = mode_file
        self._mode, self._read_at = "", 0.0

    @property
    def mode(self) -> str:
        """How to behave now."""
        if time.monotonic() - self._read_at > _MODE_LASTS:
            self._mode = self._mode_file.read_text().strip() if self._mode_file.exists() else ""
            self._read_at = time.monotonic()
        return self._mode

    def keep(self, content: bytes) -> None:
        """Write down that a message arrived."""
        found = _MESSAGE_ID.search(content)
        name = found[1].decode() if found else "<none>"
        os.write(self._file, f"{time.monotonic():.6f} {name}\n".encode())


class Connection(asyncio.Protocol):
    """One client that sends. What it gets to read at once is answered at once, as RFC 2920 (3.2) asks of a server."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._received = bytearray()
        self._answers = bytearray()
        self._in_data = False
        self._is_waiting = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._sink.mode == "refuse":
            self._transport.abort()
        else:
            self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._go_on()

    def _go_on(self) -> None:
        """Take everything that was received, as far as it is whole and no answer is outstanding."""
        while not self._is_waiting and self._step():
            pass
        if self._transport and self._answers and not self._transport.is_closing():
            self._transport.write(bytes(self._answers))
        self._answers.clear()

    def _step(self) -> bool:
        """Take one command or one message off what was received; return whether there was a whole one."""
        end = b"\r\n.\r\n" if self._in_data else b"\r\n"
        position = self._received.find(end)
        if position < 0:
            return False
        taken = bytes(self._received[:position])
        del self._received[: position + len(end)]
        if self._in_data:
            self._in_data = False
            self._take(taken)
        else:
            self._obey(taken[:4].upper())
        return True

    def _obey(self, command: bytes) -> None:
        if command == b"DATA":
            self._in_data = True
            self._answers += b"354 go on\r\n"
        elif command == b"QUIT" and self._transport:
            self._transport.write(bytes(self._answers) + b"221 bye\r\n")
            self._transport.close()
        else:
            self._answers += _ANSWERS.get(command, b"250 OK\r\n")

    def _take(self, content: bytes) -> None:
        mode = self._sink.mode
        if mode == "refuse" and self._transport:
            self._transport.abort()
        elif mode == "451":
            self._answers += b"451 later\r\n"
        elif mode:
            self._is_waiting = True
            asyncio.get_running_loop().call_later(float(mode), self._accept_late, content)
        else:
            self._accept(content)

    def _accept_late(self, content: bytes) -> None:
        self._is_waiting = False
        self._accept(content)
        self._go_on()

    def _accept(self, content: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._sink.keep(content)
            self._answers += b"250 OK\r\n"


async def serve(port: int, file: Path, mode_file: Path) -> None:
    """Serve until the process is ended."""
    sink = Sink(file, mode_file)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(sink), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
