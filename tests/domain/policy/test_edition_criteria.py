"""Criteria, terms, options and replacements in an edition file: kept as written, or refused with line and reason."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.words import Code
from domain.policy.edition import Limit, Unit
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition
from domain.policy.parsing.fields import EditionMalformedError
from domain.policy.questions import Question
from tests.support.small_policy import CALENDAR

WHOLE = """\
title = "A framework"
family = "cqc"
in_force_from = 2020-01-01
note = "Read in part."

[[rule]]
id = "AF-01"
title = "Tell CQC"
applies_when = ["record:incident", "abuse_alleged"]
unless = ["told_nhs_england"]
started_by = ["incident.fact:abuse_alleged"]
met_by = ["incident.notified:cqc"]
length = 3
unit = "WD"
options = ["72 H"]
actor = "provider"
force = "law"
source = "A regulation"
verified = true
carries = ["AF-02"]
consequence = "An offence."

[[criterion]]
id = "AF-C"
question = "cqc_notification"
title = "Abuse"
when = ["abuse_alleged"]
unless = ["told_nhs_england"]
response = "psii"
force = "law"
source = "A regulation"
verified = false
from_on = 2020-02-01
until_on = 2020-12-31
suspended_from = 2020-06-01

[[term]]
id = "abuse"
title = "Abuse"
words = "What the regulation says it is."
also_called = ["maltreatment"]
source = "A regulation"
verified = false
"""

LIMITS = """\
title = "Limits"
family = "commissioner-limits"
organisation = "ZZQ"
in_force_from = 2026-01-01

[[choice]]
rule = "AF-01"
unit = "H"
length = 72
"""


def refused(content: str | bytes, name: str = "a-framework") -> EditionMalformedError:
    with pytest.raises(EditionMalformedError) as refusal:
        parse_edition(name, content if isinstance(content, bytes) else content.encode())
    return refusal.value


def line_of(text: str, whole: str = WHOLE) -> int:
    return whole[: whole.index(text)].count("\n") + 1


def test_an_edition_keeps_its_criteria_terms_and_options() -> None:
    edition = parse_edition("a-framework", WHOLE.encode())
    (rule,), (criterion,), (term,) = edition.rules, edition.criteria, edition.terms
    assert (rule.unless, rule.options, rule.carries) == (("told_nhs_england",), (Limit(Unit.HOURS, 72),), ("AF-02",))
    assert (rule.consequence, edition.note) == ("An offence.", "Read in part.")
    assert (criterion.question, criterion.when, criterion.unless) == (
        Question.CQC_NOTIFICATION,
        ("abuse_alleged",),
        ("told_nhs_england",),
    )
    assert [criterion.counts_on(date(2020, month, 1)) for month in (1, 2, 12)] == [False, True, True]
    assert [criterion.is_suspended_on(date(2020, month, 1)) for month in (5, 6)] == [False, True]
    assert (term.title, term.also_called) == ("Abuse", ("maltreatment",))
    (choice,) = parse_edition("limits", LIMITS.encode()).choices
    assert (choice.rule, choice.limit) == ("AF-01", Limit(Unit.HOURS, 72))


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('applies_when = ["record:incident", "abuse_alleged"]', 'applies_when = ["abuse_aledged"]', "no such fact"),
        ('unless = ["told_nhs_england"]\nstarted', 'unless = ["cqc_notification:perhaps"]\nstarted', "a question is"),
        ('when = ["abuse_alleged"]', 'when = ["physical_harm:at_least:dire"]', "a harm is at least"),
        ('when = ["abuse_alleged"]', 'when = ["died:at_least:severe"]', "only harms are compared"),
        ('when = ["abuse_alleged"]', 'when = ["cqc_notification:met"]', "cannot rest on its own answer"),
        ('when = ["abuse_alleged"]', 'when = ["response:psii"]', "rests on facts"),
        ('when = ["abuse_alleged"]', 'when = ["told_nhs_england"]', "stands in when and in unless"),
        ('question = "cqc_notification"', 'question = "cqc"', "unknown question"),
        ('question = "cqc_notification"', "", "question is missing"),
        ("until_on = 2020-12-31", "until_on = 2020-01-01", "until_on is before from_on"),
        ('options = ["72 H"]', 'options = ["3 WD"]', "differs from the limit itself"),
        ('options = ["72 H"]', 'options = ["72 hours"]', "unknown unit"),
        ('options = ["72 H"]', 'options = ["seventy-two H"]', "an option is a number"),
        ('options = ["72 H"]', 'options = ["0 H"]', "an option is a number"),
        ('options = ["72 H"]', 'options = ["72 ASAP"]', "unknown unit"),
        (
            'force = "law"\nsource = "A regulation"\nverified = false\nfrom',
            'force = ["law", "local"]\nsource = "A regulation"\nverified = false\nfrom',
            "one word, not several",
        ),
        ('words = "What the regulation says it is."', "", "words is missing"),
        ("suspended_from = 2020-06-01", 'suspended_from = "soon"', "must be a day"),
        ('note = "Read in part."', 'replaces = "a-framework"', "cannot replace itself"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line_and_the_reason(before: str, after: str, reason: str) -> None:
    assert before in WHOLE
    content = WHOLE.replace(before, after)
    refusal = refused(content)
    assert reason in refusal.reason
    assert 1 <= refusal.line <= content.count("\n") + 1


def test_the_line_is_that_of_the_field() -> None:
    assert refused(WHOLE.replace('when = ["abuse_alleged"]', 'when = ["abuse"]')).line == line_of(
        'when = ["abuse_alleged"]'
    )


def test_a_limit_without_a_number_has_no_option() -> None:
    content = WHOLE.replace('length = 3\nunit = "WD"', 'unit = "ASAP"')
    assert "no other number" in refused(content).reason


def test_two_criteria_may_share_an_id_but_not_say_the_same_of_one_day() -> None:
    criterion = WHOLE[WHOLE.index("[[criterion]]") : WHOLE.index("[[term]]")]
    later = criterion.replace("2020-02-01", "2021-01-01").replace("2020-12-31", "2021-12-31")
    assert len(parse_edition("a-framework", (WHOLE + later).encode()).criteria) == 2
    assert "of one day" in refused(WHOLE + criterion).reason
    other_way = criterion.replace('when = ["abuse_alleged"]', 'when = ["police_informed"]')
    assert len(parse_edition("a-framework", (WHOLE + other_way).encode()).criteria) == 2


def test_only_a_local_overlay_chooses_an_option() -> None:
    assert "only a local overlay" in refused(WHOLE + LIMITS[LIMITS.index("[[choice]]") :]).reason
    assert "names the organisation" in refused(LIMITS.replace('organisation = "ZZQ"\n', ""), "limits").reason


@pytest.mark.parametrize(
    ("before", "after"),
    [('rule = "AF-01"', 'rule = "AF-02"'), ("length = 72", "length = 48"), ('unit = "H"', 'unit = "CD"')],
)
def test_an_overlay_chooses_only_what_a_rule_leaves_open(before: str, after: str) -> None:
    national = parse_edition("a-framework", WHOLE.encode())
    Policy((national, parse_edition("limits", LIMITS.encode())), CALENDAR)
    assert before in LIMITS
    wrong = parse_edition("limits", LIMITS.replace(before, after).encode())
    with pytest.raises(EditionMalformedError, match="no edition leaves") as refusal:
        Policy((national, wrong), CALENDAR)
    assert (refusal.value.edition, refusal.value.line) == ("limits", line_of("[[choice]]", LIMITS))


def an_edition(name: str, days: str, more: str = "") -> bytes:
    head = f'title = "T"\nfamily = "cqc"\n{days}\n{more}\n'
    return (head + WHOLE[WHOLE.index("[[rule]]") : WHOLE.index("[[criterion]]")]).encode()


def together(*editions: tuple[str, str, str]) -> Policy:
    return Policy(tuple(parse_edition(name, an_edition(name, days, more)) for name, days, more in editions), CALENDAR)


FIRST = ("first", "in_force_from = 2020-01-01\nin_force_until = 2020-12-31", "")


def test_editions_of_one_family_that_are_in_force_on_one_day_are_refused_with_the_line_of_the_day() -> None:
    with pytest.raises(EditionMalformedError, match="overlapping validity: first") as refusal:
        together(FIRST, ("second", "in_force_from = 2020-12-31", ""))
    assert (refusal.value.edition, refusal.value.line) == ("second", 3)


def test_editions_that_follow_each_other_stand_beside_each_other() -> None:
    policy = together(FIRST, ("second", "in_force_from = 2021-01-01", ""))
    assert [edition.name for edition in policy.current()] == ["first", "second"]


def test_an_edition_that_replaces_another_may_overlap_with_it_and_governs_new_cases() -> None:
    policy = together(FIRST, ("first-r2", "in_force_from = 2020-01-01", 'replaces = "first"'))
    assert [edition.name for edition in policy.current()] == ["first-r2"]
    assert policy.is_replaced(policy.named(Code("first")))
    assert policy.first_name(policy.named(Code("first-r2"))) == "first"


@pytest.mark.parametrize(
    "editions",
    [
        [("second", "in_force_from = 2021-01-01", 'replaces = "nothing"')],
        [
            ("one", "in_force_from = 2020-01-01", 'replaces = "two"'),
            ("two", "in_force_from = 2021-01-01", 'replaces = "one"'),
        ],
    ],
)
def test_what_replaces_nothing_or_itself_in_the_end_is_refused(editions: list[tuple[str, str, str]]) -> None:
    with pytest.raises(EditionMalformedError, match="it replaces"):
        together(*editions)


@given(st.binary(max_size=12), st.integers(0, len(WHOLE)), st.integers(0, 12))
def test_a_fuzzed_file_is_read_or_refused_and_never_anything_else(noise: bytes, at: int, lost: int) -> None:
    content = WHOLE.encode()
    with suppress(EditionMalformedError):
        edition = parse_edition("a-framework", content[:at] + noise + content[at + lost :])
        Policy((edition,), CALENDAR)
