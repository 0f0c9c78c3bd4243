"""What one case adds to a result: a row for the incident, one for each duty that differs, and the counts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.incident.state import Incident
from domain.incident.what_if.comparing import Compared, Difference, DutyDifference
from domain.incident.what_if.standing import Stood
from domain.kernel.words import Code
from projections.engine.periods import financial_year, quarter
from service.reading.forms import plain
from service.store.what_ifs.asked import ResultList, ResultRow
from service.store.what_ifs.rows import DUTY, INCIDENT, STOOD
from service.worker.what_if.replaying import Retold

_SAME: Final = "same"


@dataclass
class Counts:
    """How many cases were looked at, and what became of them; how many duties of each rule differ in which way."""

    cases: Counter[str] = field(default_factory=Counter)
    rules: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, compared: Compared) -> None:
        """Count one case."""
        self.cases["changed" if compared.differences else "unchanged"] += 1
        for rule in compared.same:
            self._rule(rule)[_SAME] += 1
        for each in compared.differences:
            counted = self._rule(each.rule)
            counted[each.difference.value] += 1
            counted["missed_under_own"] += each.own is not None and each.own.missed
            counted["missed_under_other"] += each.other is not None and each.other.missed

    def _rule(self, rule: Code) -> Counter[str]:
        return self.rules.setdefault(rule, Counter())

    def stored(self) -> dict[str, Any]:
        """The form in which it is kept between two steps."""
        return {"cases": dict(self.cases), "rules": {rule: dict(counted) for rule, counted in self.rules.items()}}


def counts_in(stored: Mapping[str, Any] | None) -> Counts:
    """The counts that were kept; nothing, where nothing was."""
    if stored is None:
        return Counts()
    rules = {rule: Counter(counted) for rule, counted in stored["rules"].items()}
    return Counts(Counter(stored["cases"]), rules)


def rows_of(case: Retold, compared: Compared) -> Iterator[ResultRow]:
    """The rows of a case: none where nothing differs."""
    if not compared.differences:
        return
    shared = _shared(case, compared.incident)
    yield ResultRow(ResultList.INCIDENTS, case.incident, _in_order(INCIDENT, shared | _incident(compared)))
    for each in compared.differences:
        row = _in_order(DUTY, shared | _duty(each))
        yield ResultRow(ResultList.DUTIES, case.incident, row, each.rule, each.difference.value)


def _in_order(columns: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(values[name]) for name in columns if name in values}


def _shared(case: Retold, incident: Incident) -> dict[str, Any]:
    report = case.report
    place = report.location
    return {
        "provider": report.provider,
        "incident_id": case.incident,
        "local_reference": report.local_reference,
        "site": place.site if place else None,
        "division": place.division if place else None,
        "specialty": place.specialty if place else None,
        "financial_year": financial_year(report.discovered_at),
        "quarter": quarter(report.discovered_at),
        "discovered_at": report.discovered_at,
        "case_status": incident.status.value,
    }


def _incident(compared: Compared) -> dict[str, Any]:
    counted = Counter(each.difference for each in compared.differences)
    return {
        "regime": compared.incident.regime,
        "own_editions": compared.own_editions,
        "other_editions": compared.other_editions,
        "only_under_own": counted[Difference.ONLY_UNDER_OWN],
        "only_under_other": counted[Difference.ONLY_UNDER_OTHER],
        "changed": counted[Difference.CHANGED],
        "same": len(compared.same),
        "missed_under_own": sum(each.own is not None and each.own.missed for each in compared.differences),
        "missed_under_other": sum(each.other is not None and each.other.missed for each in compared.differences),
        "assessed": tuple(f"{question.value}:{outcome.value}" for question, outcome in compared.assessed),
        "why": tuple(dict.fromkeys(said for each in compared.differences for said in each.why)),
    }


def _duty(found: DutyDifference) -> dict[str, Any]:
    either = found.own or found.other
    return {
        "rule": found.rule,
        "title": either.title if either else None,
        "person": found.person,
        "learning_response_id": found.response,
        "difference": found.difference.value,
        "why": found.why,
        **_stood("own", found.own),
        **_stood("other", found.other),
    }


def _stood(side: str, stood: Stood | None) -> dict[str, Any]:
    return {f"{side}_{name}": None if stood is None else _value(getattr(stood, name)) for name in STOOD}


def _value(value: Any) -> Any:
    return getattr(value, "value", value)
