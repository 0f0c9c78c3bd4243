"""A key service as its documentation has it: the transit engine's encrypt, decrypt and rewrap over real HTTP."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import override

TOKEN: Final = "s.renewed-by-an-agent"
_MOUNT: Final = "/v1/transit/"


class FakeTransit:
    """Its keys by name, each a list of versions; what it was sent; and what is wrong with it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = TOKEN
        self.keys: dict[str, list[AESGCM]] = {"ledger": [AESGCM(AESGCM.generate_key(256))]}
        self.min_decryption_version = 1
        self.sealed = False
        self.hangs = threading.Event()
        self.hangs.set()
        self.answers: dict[str, Any] | None = None
        self.seen: list[tuple[str, dict[str, Any]]] = []

    def rotate(self) -> None:
        """Put one more version on the key."""
        self.keys["ledger"].append(AESGCM(AESGCM.generate_key(256)))

    def answer(self, path: str, token: str | None, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and the body."""
        verb, _, name = path.removeprefix(_MOUNT).partition("/")
        self.seen.append((verb, body))
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != self.token:
            return 403, {"errors": ["permission denied"]}
        if name not in self.keys:
            return 400, {"errors": ["encryption key not found"]}
        if self.answers is not None:
            return 200, self.answers
        try:
            return 200, {"request_id": "1", "data": getattr(self, f"_{verb}")(self.keys[name], body)}
        except (ValueError, KeyError, IndexError, InvalidTag) as error:
            return 400, {"errors": [f"invalid ciphertext: {error}"]}

    def _encrypt(self, versions: list[AESGCM], body: dict[str, Any]) -> dict[str, Any]:
        sealed = versions[-1].encrypt(bytes(12), b64decode(body["plaintext"], validate=True), None)
        return {"ciphertext": f"vault:v{len(versions)}:{b64encode(sealed).decode()}", "key_version": len(versions)}

    def _decrypt(self, versions: list[AESGCM], body: dict[str, Any]) -> dict[str, Any]:
        _, version, sealed = body["ciphertext"].split(":")
        number = int(version.removeprefix("v"))
        if number < self.min_decryption_version:
            raise ValueError("ciphertext or signature version is disallowed by policy (too old)")
        return {"plaintext": b64encode(versions[number - 1].decrypt(bytes(12), b64decode(sealed), None)).decode()}

    def _rewrap(self, versions: list[AESGCM], body: dict[str, Any]) -> dict[str, Any]:
        return self._encrypt(versions, self._decrypt(versions, body))


@contextmanager
def fake_transit() -> Iterator[FakeTransit]:
    """The service, answering on loopback while the context is open."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.hangs.wait()
            status, answer = fake.answer(self.path, self.headers.get("X-Vault-Token"), body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written down."""

        @override
        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # the client had no patience

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeTransit(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        fake.hangs.set()
        server.shutdown()
        thread.join()
        server.server_close()
