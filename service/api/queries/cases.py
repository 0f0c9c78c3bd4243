"""What hangs on a case and is told from its own streams, at the position of the answer: each list is answered whole."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from projections.engine.reading import Found
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from service.api.answers import Freshness, Page, list_answer
from service.api.conventions import CSV, JSON, NDJSON, accepted
from service.api.lists.exports import ndjson_answer
from service.api.openapi import query
from service.api.parameters import ReadParameters, Switch, read_parameters
from service.api.queries.asking import asked, case_in, id_in, queries_of, question_of, speaks_for
from service.api.queries.lists import short_list
from service.api.queries.schemas import list_schema, nested_list_schema
from service.reading.audit.shown import ShownCases
from service.reading.decisions import DECISION, decisions_of
from service.reading.forms import Form, Shown, flat_types
from service.reading.records.candour import CANDOUR, candour_of
from service.reading.records.evidence import ITEM, items_of
from service.reading.records.holds import HOLD, holds_of
from service.reading.records.learning_responses import RESPONSE, responses_of
from service.reading.records.notes import NOTE, notes_of
from service.reading.records.people import PERSON, people_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent

_RECORD: Final = "/v1/incidents/{incident}"
_TAG: Final = "incidents"


class WholeParameters(ReadParameters):
    """What a list takes that is always answered whole."""

    envelope: Switch = False


@dataclass(frozen=True, kw_only=True)
class CaseRoute:
    """A list of what hangs on a case; `told` makes it from the events of the case that exist for the reader.

    `nested`: its objects hold lists of their own, and are answered as JSON or NDJSON; the others are flat.
    """

    part: str
    name: str
    summary: str
    form: Form[Any]
    told: Callable[[Iterable[LedgerEvent], Codec], Sequence[Found[Any]]]
    nested: bool = False

    def add_to(self, router: APIRouter) -> None:
        """Serve the list at its path."""
        types = self.form.types()
        schema = nested_list_schema(self.name, types) if self.nested else list_schema(self.name, types)
        forms = (NDJSON,) if self.nested else (CSV, NDJSON)
        described = query(WholeParameters, schema, summary=self.summary, tag=_TAG, forms=forms)
        router.get(f"{_RECORD}/{self.part}", name=self.name, **described)(self._endpoint())

    def _endpoint(self) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            parameters = read_parameters(request, WholeParameters)
            items, speaking, shown = await self._items(request, parameters)
            if self.nested:
                return await _nested_list(request, items, speaking, shown)
            return await short_list(request, items, list(flat_types(self.form.types())), speaking, shown)

        return endpoint

    async def _items(
        self, request: Request, parameters: WholeParameters
    ) -> tuple[Sequence[Shown], Freshness, ShownCases]:
        queries, case = queries_of(request), id_in(request, "incident")
        async with asked(request, question_of(request, parameters), INCIDENT_REGISTER) as answering:
            found = await case_in(answering, case)
            events = await queries.ledger.read_case(case, up_to=answering.reading.position)
            rows = self.told([event for event in events if answering.sees(event)], queries.codec)
            speaking = speaks_for(await answering.reading.freshness(of=found), answering.sight)
            return await answering.show(self.form, rows), speaking, answering.shown


_LISTS: Final = (
    CaseRoute(part="evidence", name="EvidenceItem", summary="The evidence of a case", form=ITEM, told=items_of),
    CaseRoute(
        part="candour",
        name="CandourTowardsPerson",
        summary="Candour towards each relevant person of a case",
        form=CANDOUR,
        told=candour_of,
        nested=True,
    ),
    CaseRoute(
        part="threshold-decisions",
        name="ThresholdDecision",
        summary="Every threshold decision of a case, in order",
        form=DECISION,
        told=decisions_of,
    ),
    CaseRoute(
        part="people",
        name="PersonInvolved",
        summary="Who is involved in a case, and who was asked to do what",
        form=PERSON,
        told=people_of,
    ),
    CaseRoute(
        part="notes",
        name="NoteOfCase",
        summary="Every other text and name of a case, in the order of the log",
        form=NOTE,
        told=notes_of,
    ),
    CaseRoute(
        part="legal-holds",
        name="LegalHoldOfCase",
        summary="The legal holds of a case, standing and released",
        form=HOLD,
        told=holds_of,
    ),
    CaseRoute(
        part="learning-responses",
        name="LearningResponseOfCase",
        summary="The learning responses of a case",
        form=RESPONSE,
        told=responses_of,
        nested=True,
    ),
)


def add_cases(router: APIRouter) -> None:
    """Serve what hangs on a case."""
    for each in _LISTS:
        each.add_to(router)


async def _nested_list(request: Request, items: Sequence[Shown], freshness: Freshness, shown: ShownCases) -> Response:
    if accepted(request, (JSON, NDJSON)) == JSON:
        return await list_answer(request, Page(items=items, total=len(items)), freshness, shown)
    return await ndjson_answer(request, _given(items), freshness, shown)


async def _given(items: Sequence[Shown]) -> AsyncIterator[Shown]:
    for item in items:
        yield item
