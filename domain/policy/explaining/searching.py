"""Finding rules, criteria and terms by words, also by what people call a thing: SI, SIRI and SUI are one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.kernel.words import Code
from domain.policy.edition import Edition
from domain.policy.explaining.phrases import QUESTIONS
from domain.policy.explaining.sentences import choice_sentence, criterion_sentence, rule_demand, rule_sentence
from domain.policy.library import Policy
from domain.policy.questions import Question

ALSO_CALLED: Final = {
    "serious incident": ("si", "sis", "siri", "siris", "sui", "suis", "serious untoward incident"),
    "serious incident framework": ("sif",),
    "never event": ("ne", "nes", "never events"),
    "patient safety incident investigation": ("psii", "psiis"),
    "patient safety incident response framework": ("psirf",),
    "patient safety incident response plan": ("psirp",),
    "duty of candour": ("doc", "candour", "being open", "regulation 20", "reg 20"),
    "notifiable safety incident": ("nsi",),
    "maternity and newborn safety investigations": ("mnsi", "hsib maternity"),
    "care quality commission": ("cqc",),
    "prevention of future deaths": ("pfd", "pfds", "regulation 28", "reg 28"),
    "learning disability": ("leder",),
    "deprivation of liberty": ("dols",),
    "safeguarding adults review": ("sar",),
}
"""What the field also calls its things."""

_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """What answers a search: the edition, and the rule, criterion, priority, choice or term of it (`kind`)."""

    edition: Code
    kind: str
    id: Code
    title: str
    sentence: str


def search(policy: Policy, asked: str) -> tuple[Hit, ...]:
    """Everything in which every word asked for occurs, in its own or in another name of the thing.

    First what it is called by, then what says it in its title; within that, replaced texts come last.
    """
    wanted = _meanings(asked)
    if not wanted:
        return ()
    editions = sorted(policy.editions, key=policy.is_replaced)
    entries = [entry for edition in editions for entry in _entries(edition)]
    hits = [hit for hit, text in entries if _answers(text, wanted)]
    return tuple(
        sorted(hits, key=lambda hit: (not _is_called(hit.title, wanted), not _answers(_plain(hit.title), wanted)))
    )


def _entries(edition: Edition) -> Iterator[tuple[Hit, str]]:
    for rule in edition.rules:
        hit = Hit(edition.name, "rule", rule.id, rule.title, rule_sentence(rule))
        yield hit, _plain(edition.title, rule.id, rule_demand(rule), *_questions(rule.applies_when), rule.note or "")
    for criterion in edition.criteria:
        hit = Hit(edition.name, "criterion", criterion.id, criterion.title, criterion_sentence(criterion))
        what = QUESTIONS[criterion.question]
        yield hit, _plain(edition.title, criterion.id, criterion.title, what, criterion.note or "")
    for priority in edition.priorities:
        hit = Hit(edition.name, "priority", priority.code, priority.title, priority.title)
        yield hit, _plain(edition.title, priority.code, priority.title, priority.response)
    for choice in edition.choices:
        hit = Hit(edition.name, "choice", choice.rule, choice_sentence(choice), choice_sentence(choice))
        yield hit, _plain(edition.title, choice.rule, hit.sentence)
    for term in edition.terms:
        hit = Hit(edition.name, "term", term.id, term.title, term.words)
        yield hit, _plain(edition.title, term.id, term.title, term.words, *term.also_called)


def _questions(words: tuple[Code, ...]) -> list[str]:
    names = {question.value for question in Question}
    asked = [word.partition(":")[0] for word in words]
    return [QUESTIONS[Question(name)] for name in asked if name in names]


def _plain(*texts: str) -> str:
    return f" {' '.join(word for text in texts for word in _WORD.findall(text.lower()))} "


def _answers(text: str, wanted: list[tuple[str, ...]]) -> bool:
    return all(any(_has(text, each) for each in words) for words in wanted)


def _is_called(title: str, wanted: list[tuple[str, ...]]) -> bool:
    return len(wanted) == 1 and _plain(title).strip() in wanted[0]


def _has(text: str, words: str) -> bool:
    return f" {words} " in text or f" {words}s " in text


def _meanings(asked: str) -> list[tuple[str, ...]]:
    """Each part of what is asked with everything that it may also be called, longest names first."""
    rest = _plain(asked)
    found: list[tuple[str, ...]] = []
    for name, others in ALSO_CALLED.items():
        group = tuple(_plain(each).strip() for each in (name, *others))
        for called in sorted(group, key=len, reverse=True):
            if f" {called} " in rest:
                rest = rest.replace(f" {called} ", " ")
                found.append(group)
                break
    return [*found, *((word,) for word in rest.split())]
