"""No sequence of commands makes a past breach disappear: whole cases under the released editions, decided at random."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candour.events import LetterKind
from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.decide_threshold import decide_threshold
from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.reopen_incident import ReopenIncident, reopen_incident
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.held_duties import HeldDuty
from domain.incident.words import PausingBody
from domain.kernel.actor import Actor, Stamp
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, DecisionId, OdsCode, PauseId
from domain.learning_response.events import Method
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.timeliness.queries import missed
from tests.properties.test_no_breach_disappears import counted, rows_of, shows_late
from tests.support.decisions import an_actor
from tests.support.incidents import COMMISSIONER, PSIRF_TRUST, SIF_TRUST, a_decision, a_fact, name, words
from tests.support.whole_cases import POLICY, WholeCase, utc

COMMISSIONERS: Final = frozenset({OdsCode("ZZQ")})
ASKED: Final = (Question.SERIOUS_INCIDENT, Question.NOTIFIABLE_SAFETY_INCIDENT, Question.NEVER_EVENT)
ANSWERS: Final = (Outcome.MET, Outcome.MET, Outcome.UNCLEAR, Outcome.NOT_MET)
KNOWN: Final = (
    (FactName.DATA_BREACH, None),
    (FactName.BREACH_RISK_UNLIKELY, None),
    (FactName.DIED, 1),
    (FactName.PUBLIC_CONCERN, None),
)
"""Facts that start clocks by themselves, or are exceptions to them."""
METHODS: Final = (Method.COMPREHENSIVE, Method.CONCISE, Method.PSII)


class AnyCase(WholeCase):
    """A case to which anything is done; `back` is how far a command is dated back from when it is recorded."""

    back = timedelta()

    def __init__(self, *, under_sif: bool) -> None:
        super().__init__(utc("2026-03-20 10:00"), SIF_TRUST if under_sif else PSIRF_TRUST)
        self.persons: list[Any] = []
        self.responses: list[Any] = []

    def _stamp(self, at: datetime, by: Actor | None = None) -> Stamp:
        return Stamp(by=by or an_actor(), at=max(at - self.back, utc("2026-03-20 10:00")), now=at)

    def any_duty(self, number: int) -> HeldDuty:
        """One of the duties; of every two asked for, one whose clock can be stopped and extended."""
        duties = list(self.incident.duties.values())
        movable = [duty for duty in duties if duty.terms.pausable and duty.stands] or duties
        among = movable if number % 2 else duties
        return among[number // 2 % len(among)]

    def decide(self, at: datetime, number: int) -> None:
        """Answer a question, for a moment that lies further back the longer the answer took."""
        question = ASKED[number % len(ASKED)]
        notifiable = question is Question.NOTIFIABLE_SAFETY_INCIDENT
        command = a_decision(
            question,
            ANSWERS[number // len(ASKED) % len(ANSWERS)],
            edition=Code("candour-regulation-20") if notifiable else self.incident.regime,
            identified_at=self._stamp(at - self.back).at,
            decision=DecisionId(self._new()),
        )
        delog = question is Question.SERIOUS_INCIDENT and command.outcome is not Outcome.MET
        by = COMMISSIONER if delog else None
        self.changed(decide_threshold, command, at, by=by, policy=POLICY, told=self.told())

    def learn(self, at: datetime, number: int) -> None:
        """Say that something is so, that it is not, or take back what was said."""
        fact, patient = KNOWN[number % len(KNOWN)]
        value = (True, True, False, None)[number // len(KNOWN) % 4]
        self.changed(add_facts, AddFacts(facts=(a_fact(fact, value, patient=patient),)), at, policy=POLICY)

    def pause(self, at: datetime, number: int) -> None:
        """Stop a clock for the police."""
        day = self._stamp(at).at.date()
        command = PauseDuty(
            pause=PauseId(self._new()),
            duty=self.any_duty(number).duty,
            body=PausingBody.POLICE,
            reason=words(),
            approver=name(),
            approver_organisation=OdsCode("ZZQ"),
            requested_on=day,
            review_on=day + timedelta(days=7),
        )
        self.changed(pause_duty, command, at, commissioners=COMMISSIONERS)

    def resume(self, at: datetime, number: int) -> None:
        """Let a clock run again."""
        running = [duty.running_pause for duty in self.incident.duties.values() if duty.running_pause]
        if running:
            command = ResumeDuty(pause=running[number % len(running)].pause)
            self.changed(resume_duty, command, at, policy=POLICY)

    def extend(self, at: datetime, number: int) -> None:
        """Agree a later moment."""
        command = ExtendDuty(
            duty=self.any_duty(number).duty,
            due_at=at + timedelta(days=number * 8),
            reason=words(),
            agreed_by=name(),
            agreed_by_organisation=OdsCode("ZZQ"),
        )
        self.changed(extend_duty, command, at, commissioners=COMMISSIONERS)

    def set_aside(self, at: datetime, number: int) -> None:
        """Say that a duty does not apply."""
        self.changed(set_duty_aside, SetDutyAside(duty=self.any_duty(number).duty, reason=words()), at)

    def identify(self, at: datetime, _number: int) -> None:
        """Name somebody to whom candour is owed."""
        self.persons.append(self.identified(at))

    def commission(self, at: datetime, number: int) -> None:
        """Commission a learning response."""
        self.responses.append(self.commissioned(METHODS[number % len(METHODS)], at))

    def be_open(self, at: datetime, number: int) -> None:
        """Talk or write to somebody named, or record that they wish for neither."""
        if self.persons:
            person = self.persons[number % len(self.persons)]
            acts: list[Callable[[], None]] = [
                lambda: self.talked(person, at),
                lambda: self.wrote(person, LetterKind.NOTIFICATION, at),
                lambda: self.declined(person, at),
                lambda: self.out_of_reach(person, at),
            ]
            acts[number // 2 % len(acts)]()

    def respond(self, at: datetime, number: int) -> None:
        """Approve a response, and submit it."""
        if self.responses:
            response = self.responses[number % len(self.responses)]
            self.approved(response, at)
            self.submitted(response, at, at if number % 2 else None)


Act = Callable[[AnyCase, datetime, int], object]
ACTS: Final[dict[str, Act]] = {
    "decide": AnyCase.decide,
    "learn": AnyCase.learn,
    "identify": AnyCase.identify,
    "be open": AnyCase.be_open,
    "submit to StEIS": lambda case, at, _number: case.submitted_to("steis", at),
    "tell": lambda case, at, _number: case.told_commissioner(at),
    "commission": AnyCase.commission,
    "respond": AnyCase.respond,
    "pause": AnyCase.pause,
    "resume": AnyCase.resume,
    "extend": AnyCase.extend,
    "set aside": AnyCase.set_aside,
    "close": lambda case, at, _number: case.closing(at),
    "reopen": lambda case, at, _number: case.changed(reopen_incident, ReopenIncident(reason=words()), at),
    "enter in error": lambda case, at, _number: case.changed(enter_in_error, EnterInError(reason=words()), at),
}
USUAL: Final = [
    *(each for each in ACTS if each not in {"close", "reopen", "enter in error"}),
    *("pause", "resume", "resume", "extend", "learn"),
]
commands = st.lists(
    st.tuples(st.sampled_from([*USUAL * 3, *ACTS]), st.integers(0, 23), st.integers(0, 500), st.integers(0, 120)),
    min_size=3,
    max_size=16,
)


BEGUN: Final = [("submit to StEIS", 0, 0, 0), ("commission", 0, 0, 0), ("commission", 2, 0, 0)]
"""Clocks that can be stopped and extended run from the first day."""


def played(under_sif: bool, taken: list[tuple[str, int, int, int]]) -> AnyCase:
    """A case in which these commands were given, of which those that were refused left nothing."""
    case, now = AnyCase(under_sif=under_sif), utc("2026-03-20 10:00")
    case.decide(now, 0 if under_sif else 1)
    for act, number, later, back in taken:
        now += timedelta(hours=later)
        case.back = timedelta(hours=back)
        try:
            ACTS[act](case, now, number)
        except Refusal:
            case.back = timedelta()
    return case


@settings(max_examples=150, deadline=None)
@given(st.booleans(), st.sampled_from([BEGUN, BEGUN, []]), commands)
def test_what_was_late_once_is_shown_and_counted_whatever_is_done(
    under_sif: bool, begun: list[tuple[str, int, int, int]], taken: list[tuple[str, int, int, int]]
) -> None:
    case = played(under_sif, [*begun, *taken])

    for (_, before), (recorded_at, after) in pairwise(rows_of(case.story)):
        for key, row in before.items():
            if shows_late(row, recorded_at):
                assert shows_late(after[key], recorded_at), (row.rule, after[key])
            if counted(key, before, recorded_at):
                assert counted(key, after, recorded_at), (row.rule, after[key])


def test_a_duty_that_a_changed_decision_set_aside_too_late_reads_so() -> None:
    case = played(True, [])
    case.decide(utc("2026-04-20 10:00"), 9)

    *_, (recorded_at, rows) = rows_of(case.story)
    steis = [row for row in rows.values() if row.rule == "SIF-01"]

    assert [(row.set_aside_because, shows_late(row, recorded_at)) for row in steis] == [("decision_changed", True)]


def test_a_duty_whose_fact_was_taken_back_too_late_reads_so() -> None:
    case = played(False, [("learn", 0, 0, 0), ("learn", 12, 24 * 5, 0)])

    *_, (recorded_at, rows) = rows_of(case.story)
    told = [row for row in rows.values() if row.rule == "IG-01"]

    assert [(row.set_aside_because, shows_late(row, recorded_at)) for row in told] == [("facts_changed", True)]


def test_a_report_entered_in_error_too_late_hides_no_breach() -> None:
    case = played(True, [("enter in error", 0, 24 * 30, 0)])

    *_, (recorded_at, rows) = rows_of(case.story)

    assert {row.rule for row in rows.values() if shows_late(row, recorded_at)} >= {"SIF-01", "SIF-01a", "SIF-03"}


def test_nobody_who_is_named_late_loses_a_breach_and_none_is_counted_twice() -> None:
    case = played(True, [("identify", 0, 24 * 14, 0)])

    *_, (recorded_at, rows) = rows_of(case.story)
    engage = {row.person: row for row in rows.values() if row.rule == "SIF-01a-engage"}
    [named] = [row for person, row in engage.items() if person is not None]

    assert engage[None].handed_over
    assert named.missed_due_at == engage[None].missed_due_at == named.due_at
    assert [row.person for row in engage.values() if missed(row, recorded_at)] == [named.person]


def test_no_clock_of_any_edition_is_stopped_but_that_of_a_response() -> None:
    """Candour and safety go on whatever the police ask, and so does every notification."""
    stopped = [rule for edition in POLICY.editions for rule in edition.rules if rule.pausable]

    assert stopped
    assert {code.partition(".")[0] for rule in stopped for code in rule.met_by} == {"learning_response"}
