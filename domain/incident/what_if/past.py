"""The duties that a list of editions asks for as a case goes on: what opens, what lapses, from its first fact on."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.incident.duties import Told, circumstances
from domain.incident.held_duties import DutyKey, key_of
from domain.incident.known import known_of
from domain.incident.state import Incident
from domain.incident.what_if.editions import regime_word
from domain.kernel.done import Done
from domain.kernel.words import Code
from domain.policy.assessing.asking import criteria_asked
from domain.policy.assessing.assessment import Answer, assess_question
from domain.policy.assessing.knowing import Known
from domain.policy.assessing.supposing import Supposed
from domain.policy.conditions import question_condition
from domain.policy.duties import Circumstances, DutyTerms, duties_owed
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question


@dataclass(frozen=True, slots=True)
class Moment:
    """A case as it stood after one of its events, which became true `at` and was recorded at `recorded_at`.

    `incident` is moved on to the next moment: it has to be looked at before. `told` is what the other streams had said.
    """

    incident: Incident
    told: Told
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One duty that was owed at some moment: its terms as they were last, and when the ledger learnt that it lapsed.

    `handed_over`: it lapsed because it is now owed to each person by name.
    """

    terms: DutyTerms
    lapsed_at: datetime | None = None
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What duties follow from: the words that hold, what has started clocks, and the answers that nobody gave."""

    words: Circumstances = ()
    starts: tuple[Done, ...] = ()
    assessed: Mapping[Question, Outcome] = field(default_factory=dict)


class Past:
    """The past of one case under `editions`; `own` are those that governed it.

    A question that only these editions ask was never put to anybody: there, and nowhere else, the answer is the one that
    the assessment gives from the facts of each moment. Where that is "met", duties follow from it; an "unclear" for want
    of facts is no recognition that something may be so, and starts nothing.
    """

    def __init__(self, policy: Policy, own: Sequence[Code], editions: Sequence[Code]) -> None:
        self.editions = tuple(editions)
        self.lines: dict[DutyKey, Line] = {}
        self.ground = Ground()
        self._policy = policy
        self._own = tuple(own)
        self._supposed: dict[Question, Supposed] = {}
        self._known: Known | None = None
        self._answers: Mapping[Question, Answer | None] = {}
        self._unasked = tuple(
            question
            for question in Question
            if criteria_asked(policy, editions, question) and not _is_asked(policy, own, question)
        )

    def see(self, moment: Moment) -> None:
        """Go on to the next moment of the case."""
        incident = self._governed(moment.incident)
        self._suppose(incident, moment)
        met = {question: answer for question, answer in self._supposed.items() if answer.outcome is Outcome.MET}
        said = frozenset(word for question, answer in met.items() for word in _words_of(question, answer))
        starts = [start for question, answer in met.items() for start in answer.starts(question)]
        self.ground = Ground(
            words=tuple(words | said for words in circumstances(incident, moment.told)),
            starts=(*incident.current_dones(), *moment.told.starts, *starts),
            assessed={question: answer.outcome for question, answer in self._supposed.items()},
        )
        owed = duties_owed(
            self._policy,
            self.editions,
            circumstances=self.ground.words,
            starts=self.ground.starts,
            persons=moment.told.persons,
        )
        self._keep({key_of(terms): terms for terms in owed}, moment.recorded_at)

    def owed(self) -> Iterator[Line]:
        """Every duty that was owed at some moment; what was handed over to named persons counts for them."""
        return (line for line in self.lines.values() if not line.handed_over)

    def _governed(self, incident: Incident) -> Incident:
        """The same incident under these editions."""
        governed = copy.copy(incident)
        governed.regime = regime_word(self._own, self.editions, regime=incident.regime, policy=self._policy)
        governed.editions = self.editions
        return governed

    def _suppose(self, incident: Incident, moment: Moment) -> None:
        """What the assessment answers in the place of people who were never asked."""
        for question, answer in self._assessed(known_of(incident)).items():
            earlier = self._supposed.pop(question, None)
            if answer is None or question in incident.decisions:
                continue
            supposed = Supposed(answer.outcome, answer.met, moment.at)
            if earlier is not None and earlier.outcome is supposed.outcome:
                # Its clocks run from when the facts said so first.
                supposed = replace(supposed, identified_at=min(earlier.identified_at, moment.at))
            self._supposed[question] = supposed

    def _assessed(self, known: Known) -> Mapping[Question, Answer | None]:
        """The answers to the questions that only these editions ask: by far the most moments bring no new fact."""
        if self._known != known:
            self._known = known
            self._answers = {
                question: assess_question(self._policy, self.editions, known, question) for question in self._unasked
            }
        return self._answers

    def _keep(self, owed: Mapping[DutyKey, DutyTerms], recorded_at: datetime) -> None:
        named = {(terms.edition, terms.rule) for terms in owed.values() if terms.person is not None}
        for key, line in self.lines.items():
            if key not in owed and line.lapsed_at is None:
                handed_over = line.terms.person is None and (line.terms.edition, line.terms.rule) in named
                self.lines[key] = replace(line, lapsed_at=recorded_at, handed_over=handed_over)
        self.lines |= {key: Line(terms) for key, terms in owed.items()}


def _is_asked(policy: Policy, editions: Sequence[Code], question: Question) -> bool:
    """Whether editions put a question to people: by criteria, or because a duty follows from the answer.

    A rule that opens no clock (how long a record is kept) tells of an answer, and asks nobody for it.
    """
    if criteria_asked(policy, editions, question):
        return True
    rules = (rule for edition in map(policy.edition, editions) for rule in edition.rules if rule.opens_clock)
    words = (word for rule in rules for word in rule.applies_when)
    return any(asked is not None and asked[0] is question for asked in map(question_condition, words))


def _words_of(question: Question, met: Supposed) -> tuple[Code, ...]:
    return (Code(f"{question}:{met.outcome}"), *(Code(f"criterion:{criterion}") for criterion in met.criteria))
