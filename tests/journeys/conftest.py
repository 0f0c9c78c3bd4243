"""A running service for each module of journeys, and everybody who takes part."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.running.people import People, people_of, prepare_ground
from tests.support.running.service import ServiceProcess, running_service


async def _prepare(service: ServiceProcess) -> None:
    async with people_of(service) as people:
        await prepare_ground(people)


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceProcess]:
    """A service in which the organisations are registered."""
    with running_service() as service:
        asyncio.run(_prepare(service))
        yield service


@pytest.fixture
async def people(service: ServiceProcess) -> AsyncIterator[People]:
    """Everybody, at this service."""
    async with people_of(service) as people:
        yield people
