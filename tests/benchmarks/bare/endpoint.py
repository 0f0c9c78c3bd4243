"""The bare endpoint that the service is measured against: FastAPI, a pydantic body, one asyncpg INSERT."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel


class Patient(BaseModel):
    """A patient, by number."""

    sequence: int
    physical_harm: str | None = None
    psychological_harm: str | None = None


class Location(BaseModel):
    """Where it was."""

    site: str | None = None
    division: str | None = None
    specialty: str | None = None
    place: str | None = None


class Report(BaseModel):
    """The same body that the service takes."""

    provider: str
    local_reference: str
    discovered_at: AwareDatetime
    what_happened: str
    patients: list[Patient] | None = None
    location: Location | None = None


def endpoint(dsn: str) -> FastAPI:
    """The application."""
    pools: list[Any] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=10, max_size=10) as pool:
            pools.append(pool)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/_ping")
    async def ping() -> dict[str, str]:
        return {"status": "pass"}

    @app.post("/v1/incidents", status_code=201)
    async def report(report: Report) -> dict[str, UUID]:
        made = uuid4()
        await pools[0].execute(
            "insert into bare.reports (id, body) values ($1, $2::jsonb)", made, report.model_dump_json()
        )
        return {"id": made}

    return app


if __name__ == "__main__":
    uvicorn.run(endpoint(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
