"""The answer to a what-if question: how far it is, its counts, and the incidents and duties that would be others."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

from domain.incident.what_if.comparing import Difference
from projections.organisation_register.queries import list_names
from service.api.answers import Freshness, Page, list_answer, record_answer
from service.api.app import caller_of
from service.api.conventions import CSV, JSON, LIST_FORMS, NDJSON, accepted
from service.api.edge import edge_of
from service.api.fields import CodeText, Instant, Uuid
from service.api.openapi import query
from service.api.parameters import LIMIT_USUAL, CursorText, Limit, NoParameters, Switch, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import asked, id_in, not_found, said_in_problems
from service.api.queries.lists import Table, exported
from service.api.queries.policy.what_if import PATH, RETRY_SECONDS, links_of, what_ifs_of
from service.api.queries.schemas import list_schema
from service.reading.audit.shown import NO_CASES, ShownCases
from service.reading.forms import Shown, flat, flat_types, plain
from service.reading.queries import Question, reached
from service.reading.sight import Sight
from service.store.what_ifs import rows as columns
from service.store.what_ifs.asked import JobStatus, ResultList, WhatIf
from service.store.what_ifs.jobs import Rows

_TAG: Final = "policy"
_ENDED: Final = (JobStatus.DONE, JobStatus.FAILED)
_CASES: Final = ("changed", "unchanged", "outside_span", "entered_in_error")
_DUTIES: Final = (*(difference.value for difference in Difference), "same", "missed_under_own", "missed_under_other")


def _schema(name: str, **fields: Any) -> type[BaseModel]:
    """An object with these fields, all of them always there."""
    required: Any = {field: (kind, ...) for field, kind in fields.items()}
    made: type[BaseModel] = create_model(name, **required)
    return made


_COUNTED: Final[dict[str, Any]] = dict.fromkeys(_DUTIES, int)
_RULES: Final[Any] = list[_schema("WhatIfRule", rule=str, **_COUNTED)]  # type: ignore[misc]  # a model that was just made
_RESULT: Final[Any] = _schema(
    "WhatIfResult", **dict.fromkeys(_CASES, int), duties=_schema("WhatIfDuties", **_COUNTED), rules=_RULES
)
_RECORD: Final = _schema(
    "WhatIf",
    id=Uuid,
    status=JobStatus,
    asked_at=Instant,
    finished_at=Instant | None,
    expires_at=Instant,
    editions=list[str],
    without=list[str],
    providers=list[str],
    discovered_from=Instant | None,
    discovered_to=Instant | None,
    position=int,
    as_of=Instant,
    looked_at=int,
    total=int | None,
    failure=str | None,
    result=_RESULT | None,
    links=dict[str, str],
)


class ResultParameters(NoParameters):
    """What the lists of a result take; they speak for the position of the question, and no other."""

    limit: Limit = LIMIT_USUAL
    cursor: CursorText | None = None
    envelope: Switch = False
    incident: Uuid | None = None


class DutyParameters(ResultParameters):
    """Which duties: those of a rule, those that differ in one way."""

    rule: CodeText | None = None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A question as its asker sees it today, and the names of the organisations that they see."""

    job: WhatIf
    sight: Sight
    names: Mapping[str, str]

    def freshness(self) -> Freshness:
        """What an answer about it speaks for."""
        position = self.job.position
        return Freshness(
            position=position, lag=0, changed_at=self.job.looked_at, projection="what-if", reader=self.sight.name
        )


@dataclass(frozen=True, slots=True)
class _List:
    """One list of a result, at its path."""

    of: ResultList
    name: str
    summary: str
    columns: Mapping[str, Any]
    parameters: type[ResultParameters]

    def add_to(self, router: APIRouter) -> None:
        """Serve it."""
        schema = list_schema(self.name, dict(self.columns))
        described = query(self.parameters, schema, summary=self.summary, tag=_TAG, forms=(CSV, NDJSON))
        router.get(f"{PATH}/{{what_if}}/{self.of}", name=self.name, **described)(self._endpoint())

    def _endpoint(self) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            parameters = read_parameters(request, self.parameters)
            form = accepted(request, LIST_FORMS)
            seen = await _seen(request)
            if seen.job.status is not JobStatus.DONE:
                raise not_found() if seen.job.status is JobStatus.FAILED else ProblemError("service.not-yet-visible")
            wanted = self._wanted(parameters)
            if form == JSON:
                return await self._page(request, seen, wanted, parameters)
            shown = ShownCases()
            rows = _shown(what_ifs_of(request).each(seen.job.id, wanted), seen, shown)
            table = Table(rows, list(flat_types(self.columns)))
            return await exported(request, table, form, seen.freshness(), shown)

        return endpoint

    def _wanted(self, parameters: ResultParameters) -> Rows:
        rule, difference = getattr(parameters, "rule", None), getattr(parameters, "difference", None)
        return Rows(list=self.of, incident=parameters.incident, rule=rule, difference=difference)

    async def _page(self, request: Request, seen: _Seen, wanted: Rows, parameters: ResultParameters) -> Response:
        cursors = _Cursors(request, seen)
        after = cursors.read(parameters.cursor)
        jobs = what_ifs_of(request)
        async with said_in_problems(), reached():
            found = await jobs.page(seen.job.id, wanted, after=after, limit=parameters.limit + 1)
            total = await jobs.count(seen.job.id, wanted) if parameters.envelope else None
        page = found[: parameters.limit]
        following = cursors.write(page[-1][0]) if len(found) > len(page) else None
        shown = ShownCases()
        items = [_row(row, seen, shown) for _, row in page]
        return await list_answer(
            request, Page(items=items, next_cursor=following, total=total), seen.freshness(), shown
        )


class _Cursors:
    """Where a list stopped: bound to its path, its filters, its limit apart, and to whoever asked the question."""

    def __init__(self, request: Request, seen: _Seen) -> None:
        filters = sorted(
            (n, v) for n, v in request.query_params.multi_items() if n in ("incident", "rule", "difference")
        )
        self._box = edge_of(request).cursors
        self._position = seen.job.position
        self._list = f"{request.url.path} {filters} {seen.job.asked_by}"

    def read(self, text: str | None) -> int:
        """The number after which the page begins.

        Raises:
            ProblemError: the cursor was changed, or made for another list.
        """
        return 0 if text is None else int(self._box.open(text, self._list).after[0] or 0)

    def write(self, after: int) -> str:
        """The text of a cursor."""
        return self._box.seal(self._position, [after], self._list)


_LISTS: Final = (
    _List(
        ResultList.INCIDENTS,
        "WhatIfIncident",
        "The incidents whose duties would be others, provider by provider, in the order of their reports",
        columns.INCIDENT,
        ResultParameters,
    ),
    _List(
        ResultList.DUTIES,
        "WhatIfDuty",
        "The duties that would be others, incident by incident, and why",
        columns.DUTY,
        DutyParameters,
    ),
)


def add_what_if_results(router: APIRouter) -> None:
    """Serve the answers."""
    summary = "A what-if question: how far its answer is, and the counts once it is done"
    router.get(f"{PATH}/{{what_if}}", **query(NoParameters, _RECORD, summary=summary, tag=_TAG))(what_if)
    for each in _LISTS:
        each.add_to(router)


async def what_if(request: Request) -> Response:
    """The question, with its progress, and with the counts once it is done."""
    read_parameters(request, NoParameters)
    seen = await _seen(request)
    answer = await record_answer(request, _record(seen.job), seen.freshness(), NO_CASES)
    if seen.job.status not in _ENDED:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


async def _seen(request: Request) -> _Seen:
    """The question in the path.

    Raises:
        ProblemError: there is none, it is somebody else's, or its asker sees one of its providers no longer.
    """
    job, actor = id_in(request, "what_if"), caller_of(request).actor
    async with asked(request, Question(actor=actor)) as answering:
        sight, names = answering.sight, await list_names(answering.reading)
    async with said_in_problems(), reached():
        found = await what_ifs_of(request).find(job, asked_by=actor.id)
    if found is None or not sight.may_ask_what_if or not _sees_all(sight, found):
        raise not_found()
    return _Seen(found, sight, names)


def _sees_all(sight: Sight, job: WhatIf) -> bool:
    seen = sight.records.organisations
    return seen is None or seen.issuperset(job.providers)


def _record(job: WhatIf) -> Shown:
    question = job.question
    shown = {
        "id": job.id,
        "status": job.status.value,
        "asked_at": job.asked_at,
        "finished_at": job.finished_at,
        "expires_at": job.expires_at,
        "editions": question.editions,
        "without": question.without,
        "providers": job.providers,
        "discovered_from": question.discovered_from,
        "discovered_to": question.discovered_to,
        "position": job.position,
        "as_of": job.as_of,
        "looked_at": job.looked_at,
        "total": job.total,
        "failure": job.failure,
    }
    counts = _result(job.counts or {}) if job.status is JobStatus.DONE else None
    return {name: plain(value) for name, value in shown.items()} | {"result": counts, "links": links_of(job.id)}


def _result(counts: Mapping[str, Any]) -> Shown:
    cases, rules = counts.get("cases", {}), counts.get("rules", {})
    counted = [{"rule": rule} | {name: rules[rule].get(name, 0) for name in _DUTIES} for rule in sorted(rules)]
    return {
        **{name: cases.get(name, 0) for name in _CASES},
        "duties": {name: sum(rule[name] for rule in counted) for name in _DUTIES},
        "rules": counted,
    }


async def _shown(rows: AsyncIterator[dict[str, Any]], seen: _Seen, shown: ShownCases) -> AsyncIterator[Shown]:
    async for row in rows:
        yield _row(row, seen, shown)


def _row(row: dict[str, Any], seen: _Seen, shown: ShownCases) -> Shown:
    shown.add(UUID(row["incident_id"]))
    named = {"provider": row["provider"], "provider_name": seen.names.get(row["provider"])}
    return flat(named | {name: value for name, value in row.items() if name != "provider"})
