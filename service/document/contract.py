"""The published contract, made from the code: OpenAPI and AsyncAPI, problems, the catalogue of events, the verifier."""

from pathlib import Path
from typing import Any, Final

import orjson

from service.api.app import LedgerApp, Parts, create_app
from service.api.health import Build, Condition
from service.api.problems import ProblemError
from service.api.refusing.pages import problems_markdown
from service.document.asyncapi import asyncapi_text
from service.document.event_catalogue import catalogue_markdown
from service.identity.caller import Caller
from service.proof.one_file import verifier_text
from service.serving import routers
from service.store.schemas import write as write_schemas

VERSION: Final = "1"
"""The version of the HTTP contract (`/v1`); the program's own version is not part of it."""


class _Nobody:
    """Accepts no token: the application is only described."""

    async def verify(self, token: bytes) -> Caller:
        del token
        raise ProblemError("identity.token-refused")


class _Absent:
    """There is no ledger behind the description."""

    async def look(self) -> Condition:
        return Condition(database=False)


def described_app() -> LedgerApp:
    """An application that is only described: nothing stands behind it."""
    return create_app(
        Parts(
            verifier=_Nobody(),
            vitals=_Absent(),
            cursor_key=bytes(32),
            routers=routers(simulated=True),
            build=Build(version=VERSION),
        )
    )


def openapi() -> dict[str, Any]:
    """The OpenAPI document of every route, that of a simulated ledger included."""
    return described_app().openapi()


def openapi_text() -> bytes:
    """The document as it is committed: sorted, indented, the same on every machine."""
    return orjson.dumps(openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def write_contract(folder: Path) -> None:
    """Write the whole contract into a folder (`openapi/` of the repository)."""
    (folder / "events").mkdir(parents=True, exist_ok=True)
    (folder / "openapi.json").write_bytes(openapi_text())
    (folder / "problems.md").write_text(problems_markdown(), encoding="utf-8")
    (folder / "asyncapi.json").write_bytes(asyncapi_text())
    (folder / "events.md").write_text(catalogue_markdown(), encoding="utf-8")
    write_schemas(folder / "events")
    (folder / "verify_pack.py").write_text(verifier_text(), encoding="utf-8")
