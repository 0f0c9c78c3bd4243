"""How far deciders, sites or providers agree, in the decisions that one reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping

from projections.threshold_decisions.agreement import ComparedDecision, DecisionAgreement
from projections.threshold_decisions.comparing import compare
from projections.threshold_decisions.queries import By, count_comparable, list_comparable
from service.reading.answering import Answering


@dataclass(frozen=True, slots=True)
class AgreementAnswer(DecisionAgreement):
    """The comparison, and what it was made of.

    `decisions` is how many were looked at; those `without_facts` were made before the rules were asked with every
    decision, or answer a question that the rules of their case do not ask, and cannot be compared.
    """

    by: By
    decisions: int
    without_facts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PairsShown:
    """Which of the pairs that differ are shown."""

    limit: int
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparable:
    """The decisions that can be compared, out of how many, and from how many of those the facts are known."""

    by: By
    rows: Sequence[RowMapping]
    decisions: int
    known: int


async def comparable(answering: Answering, where: Sequence[ColumnElement[bool]], *, by: By) -> Comparable:
    """The decisions that meet these conditions."""
    decisions, known = await count_comparable(answering.reading, *where)
    rows = await list_comparable(answering.reading, *where, by=by)
    return Comparable(by=by, rows=rows, decisions=decisions, known=known)


def agreement(found: Comparable, shown: PairsShown) -> AgreementAnswer:
    """Compare them. It takes a while: there may be very many pairs, and the first question imports the library."""
    compared = compare((_decision(row) for row in found.rows), limit=shown.limit, offset=shown.offset)
    said = {each.name: getattr(compared, each.name) for each in fields(compared)}
    without_facts = found.decisions - found.known
    return AgreementAnswer(**said, by=found.by, decisions=found.decisions, without_facts=without_facts)


def cases_compared(answer: AgreementAnswer) -> list[UUID]:
    """The cases whose decisions are shown one by one: those of the pairs that differ."""
    return [side.incident_id for pair in answer.differing.items for side in (pair.first, pair.second)]


def _decision(row: RowMapping) -> ComparedDecision:
    renamed: dict[str, Any] = {"decision_id": row["id"], "provider": row["organisation"]}
    named = (each.name for each in fields(ComparedDecision) if each.name not in renamed)
    return ComparedDecision(**renamed, **{name: row[name] for name in named})
