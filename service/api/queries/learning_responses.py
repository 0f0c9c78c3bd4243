"""One learning response, told from its own stream at the position of the answer."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.api.answers import record_answer
from service.api.openapi import query
from service.api.parameters import ReadParameters, read_parameters
from service.api.queries.asking import asked, id_in, not_found, queries_of, question_of, speaks_for
from service.api.queries.schemas import record_schema
from service.reading.records.learning_responses import RESPONSE, responses_of


def add_learning_responses(router: APIRouter) -> None:
    """Serve one learning response."""
    record = record_schema("LearningResponse", RESPONSE)
    described = query(ReadParameters, record, summary="One learning response", tag="learning-responses")
    router.get("/v1/learning-responses/{learning_response}", **described)(learning_response)


async def learning_response(request: Request) -> Response:
    """One learning response, with its words for those who may read them."""
    parameters = read_parameters(request, ReadParameters)
    queries, stream = queries_of(request), id_in(request, "learning_response")
    async with asked(request, question_of(request, parameters)) as answering:
        events = [
            event
            for event in await queries.ledger.read_stream(stream)
            if event.position <= answering.reading.position and answering.sees(event)
        ]
        found = responses_of(events, queries.codec)
        if not found:
            raise not_found()
        answering.shown.add(*events[-1].cases)
        shown = (await answering.show(RESPONSE, found))[0]
        speaking = speaks_for(await answering.reading.freshness(of=found[0]), answering.sight)
    return await record_answer(request, shown, speaking, answering.shown)
