"""The body that adds typed facts."""

from typing import Any

from pydantic import ConfigDict, Field, field_validator

from domain.incident.commands.add_facts import AddFacts
from domain.incident.words import AddedFact, Judge
from domain.kernel.words import Code, Label
from domain.policy.facts import FACT_TYPES, FactName, FactValue
from service.api.bodies import StrictModel
from service.api.commands.body import CommandBody
from service.api.commands.report import HarmBody, bare_harm
from service.api.fields import CodeText, Instant, ShortText
from service.handling.pen import Pen


class JudgeBody(StrictModel):
    """The professional whose reasonable opinion a fact is, and when they gave it."""

    name: ShortText
    profession: ShortText
    judged_at: Instant

    def judge(self, pen: Pen) -> Judge:
        """The judge under a new person's id."""
        return Judge(pen.personal(pen.new_person(), self.name), Label(self.profession), self.judged_at)


def _table() -> dict[str, Any]:
    """What each fact takes, as clients are told it."""
    return {
        name.value: {
            "value": kind.value.value,
            "about_patient": kind.about_patient,
            "needs_judge": kind.needs_judge,
            **({"harm": kind.harm.value} if kind.harm else {}),
            **({"codes": list(kind.codes)} if kind.codes else {}),
        }
        for name, kind in FACT_TYPES.items()
    }


class StatedFact(StrictModel):
    """One typed fact: its value is true or false, a code, or a harm with its list; null: it is not known.

    `x-facts` says for each name what its value is, whether it is about one patient (by number), and whether a
    professional must have judged it where it is recorded.
    """

    model_config = ConfigDict(json_schema_extra={"x-facts": _table()})

    name: FactName = Field(strict=False)
    patient: int | None = Field(default=None, ge=1, le=1000)
    value: bool | CodeText | HarmBody | None

    @field_validator("value", mode="before")
    @classmethod
    def _no_bare_number(cls, value: Any) -> Any:
        if isinstance(value, str) and value.isascii() and value.isdigit():
            raise bare_harm()
        return value

    def stated(self, judge: Judge | None = None) -> AddedFact:
        """The fact as the domain knows it."""
        return AddedFact(name=self.name, patient=self.patient, value=self._value(), judge=judge)

    def _value(self) -> FactValue | None:
        match self.value:
            case HarmBody() as harm:
                return harm.harm()
            case str() as code:
                return Code(code)
            case known:
                return known


class FactBody(StatedFact):
    """One typed fact: its value is true or false, a code, or a harm with its list; null takes the fact back.

    `x-facts` says for each name what its value is, whether it is about one patient (by number), and whether a
    professional must have judged it.
    """

    judged_by: JudgeBody | None = None

    def fact(self, pen: Pen) -> AddedFact:
        """The fact with whoever judged it."""
        return self.stated(None if self.judged_by is None else self.judged_by.judge(pen))


class Facts(CommandBody):
    """Facts that became known, or were corrected."""

    facts: list[FactBody] = Field(min_length=1, max_length=100)

    def command(self, pen: Pen) -> AddFacts:
        """Add the facts."""
        return AddFacts(facts=tuple(fact.fact(pen) for fact in self.facts))
