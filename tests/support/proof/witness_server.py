"""A witness that listens: it keeps what the format says, and may be told to answer otherwise."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from service.proof.checkpoint import Checkpoint
from service.proof.signing import COSIGNATURE, Signer, VerifierKey
from service.proof.witness import Agreed, Answer, WitnessedLog, answer_to, decide

KEY: Final = Signer.from_seed("witness.example", bytes(31) + b"k", COSIGNATURE)
TIME: Final = 1_800_000_000


class WitnessServer:
    """Knows one log. `answers` are given, one for each request, before it decides by itself; `asked` are the bodies."""

    def __init__(self) -> None:
        self.keys: tuple[VerifierKey, ...] = ()
        self.origin = ""
        self.latest: Checkpoint | None = None
        self.answers: list[Answer] = []
        self.asked: list[str] = []
        self.address = ""

    def knows(self, origin: str, keys: list[VerifierKey]) -> None:
        """Let it know a log."""
        self.origin, self.keys = origin, tuple(keys)

    def answer(self, path: str, body: bytes) -> Answer:
        """What it answers."""
        self.asked.append(body.decode())
        assert path == "/add-checkpoint"
        if self.answers:
            return self.answers.pop(0)
        verdict = decide(body, {self.origin: WitnessedLog(self.keys, self.latest)})
        if isinstance(verdict, Agreed):
            self.latest = verdict.checkpoint
        return answer_to(verdict, KEY, TIME)


@contextmanager
def a_witness() -> Iterator[WitnessServer]:
    """A witness at an address on this machine."""
    witness = WitnessServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = witness.answer(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            content = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    witness.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield witness
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
