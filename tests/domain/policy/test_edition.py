"""Reading an edition file: what it says is kept, and each thing that is wrong is refused with line and reason."""

from contextlib import suppress
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy.edition import Family, Force, Unit, standing
from domain.policy.parsing.edition_file import parse_edition
from domain.policy.parsing.fields import EditionMalformedError

WHOLE = """\
title = "A framework"
family = "regime"
in_force_from = 2020-01-01
in_force_until = 2020-12-31

[[rule]]
id = "AF-01"
title = "Tell the commissioner"
applies_when = ["serious_incident:met"]
started_by = ["incident.identified"]
met_by = ["incident.notified:commissioner"]
set_aside_by = ["candour.contact_declined"]
revived_by = ["candour.question_asked"]
length = 2
unit = "WD"
actor = "provider"
recipients = ["commissioner"]
pausable = true
force = "national"
source = "A framework, section 3"
verified = true
"""

PLAN = """\
title = "A plan"
family = "local-plan"
in_force_from = 2026-01-01
organisation = "ZZ1"

[[priority]]
code = "falls"
title = "Falls with harm"
response = "swarm"

[[rule]]
id = "ZZ1-09"
title = "Say how things go"
applies_when = ["regime:psirf-2022"]
opens_clock = false
actor = "provider"
force = "local"
source = "A plan"
verified = false
"""


def refused(content: str | bytes, name: str = "a-framework") -> EditionMalformedError:
    with pytest.raises(EditionMalformedError) as refusal:
        parse_edition(name, content if isinstance(content, bytes) else content.encode())
    return refusal.value


def changed(before: str, after: str, whole: str = WHOLE) -> str:
    assert before in whole
    return whole.replace(before, after)


def test_an_edition_keeps_what_its_file_says() -> None:
    edition = parse_edition("a-framework", WHOLE.encode())
    rule = edition.rules[0]
    assert (edition.family, edition.in_force_from) == (Family.REGIME, date(2020, 1, 1))
    assert edition.digest == sha256(WHOLE.encode()).hexdigest()
    assert edition.reference == f"a-framework@{edition.digest[:12]}"
    assert (rule.id, rule.length, rule.unit, rule.force) == ("AF-01", 2, Unit.WORKING_DAYS, Force.NATIONAL)
    assert (rule.started_by, rule.met_by) == (("incident.identified",), ("incident.notified:commissioner",))
    assert (rule.set_aside_by, rule.revived_by) == (("candour.contact_declined",), ("candour.question_asked",))
    assert (rule.pausable, rule.extendable, rule.owed_to_each_person, rule.opens_clock) == (True, False, False, True)
    assert rule.verified


def test_a_local_plan_names_its_owner_its_priorities_and_rules_without_a_clock() -> None:
    plan = parse_edition("a-plan", PLAN.encode())
    assert plan.organisation == "ZZ1"
    assert [(each.code, each.response) for each in plan.priorities] == [("falls", "swarm")]
    assert not plan.rules[0].opens_clock
    assert plan.rules[0].unit is Unit.WITHOUT_NUMBER


def test_an_edition_is_in_force_on_its_first_and_its_last_day() -> None:
    edition = parse_edition("a-framework", WHOLE.encode())
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [edition.is_in_force(day) for day in days] == [False, True, True, False]


def test_one_changed_byte_is_another_reference() -> None:
    assert parse_edition("a", WHOLE.encode()).reference != parse_edition("a", WHOLE.encode() + b"# \n").reference


def test_unverified_law_reads_as_law_whose_text_was_not_checked() -> None:
    assert standing(Force.LAW, verified=True) == "law"
    assert standing(Force.LAW, verified=False) == "law, text not yet checked"
    assert standing(Force.STATUTORY_GUIDANCE, verified=True) == "statutory guidance"


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ('unit = "WD"', 'unit = "days"', 15, "unknown unit 'days'"),
        ('unit = "WD"', 'unit = ["WD", "H"]', 15, "one word, not several"),
        ('unit = "WD"', 'unit = "ASAP"', 14, "unit ASAP has no number"),
        ("length = 2\n", "", 6, "length is missing"),
        ("length = 2", "length = 0", 14, "whole number from 1"),
        ("length = 2", "length = 1001", 14, "whole number from 1"),
        ("length = 2", "length = 2.5", 14, "whole number from 1"),
        ("length = 2", "length = true", 14, "whole number from 1"),
        ('source = "A framework, section 3"\n', "", 6, "source is missing"),
        ('source = "A framework, section 3"', 'source = "  "', 20, "text of 1 to 400"),
        ('source = "A framework, section 3"', f'source = "{"x" * 401}"', 20, "text of 1 to 400"),
        ('force = "national"', 'force = ["law", "contract"]', 19, "split the rule"),
        ('force = "national"', 'force = "national/contract"', 19, "unknown force"),
        ('force = "national"', 'force = "local"', 14, "belongs in a local plan"),
        ('force = "national"\n', "", 6, "force is missing"),
        ("verified = true\n", "", 6, "verified is missing"),
        ("verified = true", 'verified = "yes"', 21, "true or false"),
        ("pausable = true", "pauseable = true", 18, "unknown field pauseable"),
        ('id = "AF-01"\n', "", 6, "id is missing"),
        ('id = "AF-01"', 'id = "AF 01"', 7, "letters, digits"),
        ('applies_when = ["serious_incident:met"]', "applies_when = []", 9, "names nothing"),
        ('applies_when = ["serious_incident:met"]', 'applies_when = "serious"', 9, "list of codes"),
        ('applies_when = ["serious_incident:met"]', 'applies_when = ["a", "a"]', 9, "twice"),
        ('started_by = ["incident.identified"]', "started_by = [1]", 10, "letters, digits"),
        ('started_by = ["incident.identified"]\n', "", 6, "started_by is missing"),
        ('met_by = ["incident.notified:commissioner"]\n', "", 6, "met_by is missing"),
        ('set_aside_by = ["candour.contact_declined"]\n', "", 12, "nothing sets this rule aside"),
        ("pausable = true", "opens_clock = false", 14, "unknown field length"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_line_and_the_reason(
    before: str, after: str, line: int, reason: str
) -> None:
    refusal = refused(changed(before, after))
    assert refusal.line == line
    assert reason in refusal.reason
    assert refusal.rule == (None if before.startswith("id") else "AF-01")


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ('title = "A framework"\n', "", 1, "title is missing"),
        ('family = "regime"', 'family = "custom"', 2, "unknown family"),
        ('family = "regime"', 'family = "regime"\norganisation = "ZZ1"', 3, "only a local plan"),
        ('family = "regime"', 'family = "regime"\nvalid = true', 3, "unknown field valid"),
        ("in_force_from = 2020-01-01", "in_force_from = 2020-01-01T00:00:00", 3, "must be a day"),
        ("in_force_from = 2020-01-01", 'in_force_from = "2020-01-01"', 3, "must be a day"),
        ("in_force_until = 2020-12-31", "in_force_until = 2019-12-31", 4, "before in_force_from"),
        ("[[rule]]", "[rule]", 1, "a table of its own"),
        ("[[rule]]", "[[rule]", 6, "not TOML"),
        ("length = 2", f"length = {'9' * 5000}", 1, "not TOML"),
    ],
)
def test_a_malformed_edition_is_refused_with_its_line_and_the_reason(
    before: str, after: str, line: int, reason: str
) -> None:
    refusal = refused(changed(before, after))
    assert refusal.line == line
    assert reason in refusal.reason
    assert str(refusal).startswith(f"a-framework, line {line}")


def test_two_rules_with_one_id_are_refused_at_the_second() -> None:
    refusal = refused(WHOLE + WHOLE[WHOLE.index("\n[[rule]]") :])
    assert (refusal.line, refusal.rule) == (24, "AF-01")
    assert "two rules" in refusal.reason


def test_two_priorities_with_one_code_are_refused() -> None:
    priority = PLAN[PLAN.index("[[priority]]") : PLAN.index("[[rule]]")]
    assert "two priorities" in refused(PLAN + priority).reason


def test_an_unknown_field_of_a_priority_is_refused_at_its_line() -> None:
    refusal = refused(changed('response = "swarm"', 'response = "swarm"\nrespons = "psii"', PLAN))
    assert (refusal.line, refusal.reason) == (10, "unknown field respons")


def test_only_a_local_plan_has_priorities() -> None:
    assert "only a local plan" in refused(WHOLE + '\n[[priority]]\ncode = "a"\ntitle = "A"\nresponse = "psii"\n').reason


def test_a_local_plan_never_claims_more_than_local_force() -> None:
    assert "rules are local" in refused(changed('force = "local"', 'force = "law"', PLAN)).reason


@pytest.mark.parametrize("flag", ["pausable", "extendable"])
def test_a_duty_of_candour_is_never_paused_or_extended(flag: str) -> None:
    candour = changed('family = "regime"', 'family = "candour"').replace("pausable = true", f"{flag} = true")
    assert "never paused or extended" in refused(candour).reason


def test_a_duty_is_owed_to_each_person_or_for_each_response_and_not_both() -> None:
    both = changed("pausable = true", "owed_to_each_person = true\nowed_for_each_response = true")
    assert "not both" in refused(both).reason


def test_an_edition_without_rules_is_refused() -> None:
    assert "no rule" in refused(WHOLE[: WHOLE.index("[[rule]]")]).reason


def test_a_local_plan_without_an_owner_is_refused() -> None:
    assert "names the organisation that owns it" in refused(changed('organisation = "ZZ1"\n', "", PLAN)).reason


def test_a_file_that_is_not_utf_8_is_refused_at_the_line_of_the_byte() -> None:
    assert refused(b'title = "A"\nfamily = "\xff"\n').line == 2


def test_a_nest_too_deep_to_read_is_refused() -> None:
    assert "not TOML" in refused("title = " + "[" * 100_000).reason


@pytest.mark.parametrize("name", ["", "A-framework", "a_framework", "a--b", "a framework", "été"])
def test_an_edition_is_named_in_lower_case_words(name: str) -> None:
    assert "lower-case" in refused(WHOLE, name).reason


@given(st.binary(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 60))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(noise: bytes, at: int, lost: int) -> None:
    content = WHOLE.encode()
    with suppress(EditionMalformedError):
        assert parse_edition("a-framework", content[:at] + noise + content[at + lost :]).rules
