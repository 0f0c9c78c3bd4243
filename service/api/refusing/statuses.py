"""The status of each refusal: one table, held complete by a test."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

import domain
from domain.kernel.refusal import Refusal
from service.api.refusing.codes import EDGE_PROBLEMS, ProblemKind

_FORBIDDEN: Final = frozenset(
    {
        "action.own-verification",
        "erasure.own-decision",
        "incident.closure-is-the-commissioners",
        "incident.closure-is-the-providers",
        "incident.delog-is-the-commissioners",
        "incident.extension-is-the-commissioners",
        "incident.own-hold-release",
        "incident.pause-is-the-commissioners",
        "learning_response.not-the-recipient",
    }
)
"""Somebody else has to do it."""

_CONFLICT: Final = frozenset(
    {
        "access_log.stretch-out-of-order",
        "action.already-accepted",
        "action.not-accepted",
        "action.not-completed",
        "action.not-open",
        "audit_sample.committed-too-late",
        "audit_sample.drawn-too-early",
        "candour.already-identified",
        "candour.notice-missing",
        "erasure.cooling-off",
        "erasure.legal-hold-stands",
        "erasure.not-approved",
        "erasure.not-waiting",
        "erasure.nothing-to-erase",
        "erasure.over",
        "erasure.requested-already",
        "evidence.transfer-out-of-order",
        "incident.case-closed",
        "incident.case-entered-in-error",
        "incident.case-not-closed",
        "incident.case-not-ready",
        "incident.duty-held-by-pause",
        "incident.duty-not-extendable",
        "incident.duty-not-pausable",
        "incident.duty-not-standing",
        "incident.duty-paused-already",
        "incident.extended-too-late",
        "incident.patient-named-already",
        "incident.paused-too-late",
        "incident.question-not-asked",
        "incident.reference-taken",
        "incident.revision-stale",
        "learning_response.already-approved",
        "learning_response.no-draft-waiting",
        "learning_response.not-approved",
        "learning_response.not-ready",
        "learning_response.not-submitted",
        "ledger.clock-moved-back",
        "ledger.clock-not-simulated",
        "organisation.commissioned-already",
        "organisation.not-a-provider",
        "organisation.not-commissioned",
        "organisation.plan-of-another",
        "organisation.taken",
    }
)
"""The facts that stand do not allow it now."""

_CONTENT: Final = frozenset(
    {
        "access_log.stretch-empty",
        "action.area-unknown",
        "action.due-in-past",
        "action.due-not-later",
        "action.evidence-missing",
        "action.evidence-unknown",
        "action.finding-unknown",
        "action.incident-missing",
        "audit_sample.population-not-ahead",
        "audit_sample.providers-missing",
        "audit_sample.seed-differs",
        "audit_sample.seed-hash-malformed",
        "audit_sample.size-invalid",
        "candour.acts-for-self",
        "candour.answer-or-reason",
        "candour.apology-missing",
        "candour.change-unexplained",
        "candour.promise-in-past",
        "candour.question-unknown",
        "candour.response-unknown",
        "erasure.reasons-missing",
        "erasure.text-shares-its-key",
        "erasure.text-unknown",
        "evidence.digest-malformed",
        "incident.criteria-missing",
        "incident.departure-unexplained",
        "incident.discovered-in-future",
        "incident.duty-unknown",
        "incident.edition-not-of-case",
        "incident.extension-not-later",
        "incident.fact-contradictory",
        "incident.fact-given-twice",
        "incident.fact-patient-invalid",
        "incident.fact-value-invalid",
        "incident.facts-missing",
        "incident.harm-contradictory",
        "incident.harm-unknown",
        "incident.hold-unknown",
        "incident.identified-before-occurred",
        "incident.identified-in-future",
        "incident.judge-missing",
        "incident.judged-in-future",
        "incident.occurred-after-discovered",
        "incident.occurrence-backwards",
        "incident.patient-number-invalid",
        "incident.pause-unknown",
        "incident.person-patient-invalid",
        "incident.reason-missing",
        "incident.released-before-placed",
        "incident.reported-before-discovered",
        "incident.requested-after-pause",
        "incident.resumed-before-paused",
        "incident.review-day-invalid",
        "incident.several-providers",
        "incident.steps-missing",
        "incident.summary-missing",
        "learning_response.alternative-taken",
        "learning_response.area-unfounded",
        "learning_response.evidence-unknown",
        "learning_response.finding-unfounded",
        "learning_response.finding-unknown",
        "learning_response.incident-missing",
        "learning_response.method-not-of-regime",
        "learning_response.not-its-commissioner",
        "ledger.resume-unexplained",
        "organisation.not-a-commissioner",
        "organisation.not-a-providers-field",
        "organisation.period-backwards",
        "organisation.plan-unknown",
        "organisation.provider-type-missing",
        "organisation.unknown",
        "time.effective-in-future",
    }
)
"""What was sent cannot be so, whatever stands."""

STATUSES: Final[Mapping[str, int]] = {
    **dict.fromkeys(_FORBIDDEN, HTTPStatus.FORBIDDEN.value),
    **dict.fromkeys(_CONFLICT, HTTPStatus.CONFLICT.value),
    **dict.fromkeys(_CONTENT, HTTPStatus.UNPROCESSABLE_ENTITY.value),
}
"""The status of each refusal by its code; those that the edge knows too (not found, not permitted ...) are its own."""

_ROOTS: Final = ("domain.", "service.")
_ADVICE: Final = "See reasons[]: each is one sentence."


def kind_of(refusal: type[Refusal]) -> ProblemKind:
    """The problem that a refusal is answered with; its title is the refusal's own sentence."""
    known = EDGE_PROBLEMS.get(refusal.code)
    if known is not None:
        return known
    status = STATUSES.get(refusal.code, HTTPStatus.CONFLICT.value)
    return ProblemKind(refusal.code, status, refusal.title().rstrip("."), _ADVICE)


def load_refusals() -> None:
    """Import every module that may hold a refusal, so that `known_refusals` misses none."""
    importlib.import_module("service.handling.refusals")
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)


def known_refusals() -> list[type[Refusal]]:
    """Every refusal that has a code, of the modules that are loaded, in order of code."""
    return sorted({kind for kind in _below(Refusal) if kind.code}, key=lambda kind: (kind.code, kind.__module__))


def _below(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in refusal.__subclasses__():
        if kind.__module__.startswith(_ROOTS):
            yield kind
        yield from _below(kind)
