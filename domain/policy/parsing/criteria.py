"""Reading the criteria of an edition: by which facts a question is answered, each with its force and source."""

from collections.abc import Mapping

from domain.policy.conditions import question_condition
from domain.policy.edition import Criterion, Family, Force
from domain.policy.parsing.fields import Table
from domain.policy.parsing.lines import Lines
from domain.policy.parsing.rules import parse_conditions
from domain.policy.questions import Question


def parse_criteria(
    name: str, tables: list[Mapping[str, object]], *, lines: Lines, family: Family
) -> tuple[Criterion, ...]:
    """The criteria, in the order of the file.

    Raises:
        EditionMalformedError: with the line, the criterion and the reason.
    """
    criteria: list[Criterion] = []
    for number, values in enumerate(tables):
        line, fields = lines.of("criterion", number)
        table = Table(name, values, lines=fields, line=line)
        criterion = _parse_criterion(table)
        _check_criterion(criterion, table, family=family)
        if any(_clash(criterion, earlier) for earlier in criteria):
            raise table.refusal("id", "two criteria of this id ask the same words of one day")
        table.finish()
        criteria.append(criterion)
    return tuple(criteria)


def _parse_criterion(table: Table) -> Criterion:
    criterion_id = table.code("id")
    table.is_rule(criterion_id)
    return Criterion(
        id=criterion_id,
        question=table.choice("question", Question),
        title=table.label("title"),
        when=parse_conditions(table, "when", required=True),
        unless=parse_conditions(table, "unless"),
        response=table.code("response") if table.has("response") else None,
        force=table.choice("force", Force),
        source=table.label("source"),
        verified=table.flag("verified"),
        from_on=table.day("from_on") if table.has("from_on") else None,
        until_on=table.day("until_on") if table.has("until_on") else None,
        suspended_from=table.day("suspended_from") if table.has("suspended_from") else None,
        note=table.label("note") if table.has("note") else None,
    )


def _check_criterion(criterion: Criterion, table: Table, *, family: Family) -> None:
    if criterion.until_on is not None and criterion.from_on is not None and criterion.until_on < criterion.from_on:
        raise table.refusal("until_on", "until_on is before from_on")
    if family.is_overlay and criterion.force is not Force.LOCAL:
        raise table.refusal("force", "a local overlay's criteria are local, whatever they repeat")
    for word in (*criterion.when, *criterion.unless):
        asked = question_condition(word)
        if asked is not None and asked[0] is criterion.question:
            raise table.refusal("when", f"{word}: a question cannot rest on its own answer")
        if word.startswith(("response:", "criterion:")):
            raise table.refusal("when", f"{word}: a criterion rests on facts, not on what was decided")
    if both := set(criterion.when) & set(criterion.unless):
        raise table.refusal("unless", f"{min(both)} stands in when and in unless")


def _clash(one: Criterion, other: Criterion) -> bool:
    """Whether two criteria of one id say the same thing of one day: different ways to meet it may share an id."""
    if (one.id, one.question, one.when) != (other.id, other.question, other.when):
        return one.id == other.id and one.question is not other.question
    return (one.until_on is None or other.from_on is None or other.from_on <= one.until_on) and (
        other.until_on is None or one.from_on is None or one.from_on <= other.until_on
    )
