"""From the claims of a verified token to who they stand for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.kernel.actor import Actor, Role
from domain.kernel.words import OdsCode
from service.identity.caller import Caller, Pseudonyms

_ODS: Final = re.compile(r"[A-Z0-9]{3,8}")
_SUBJECT_LONGEST: Final = 255
_BY_NAME: Final = {role.value: role for role in Role if role is not Role.SYSTEM}


class TokenRefusedError(Exception):
    """The token does not say who is calling; `reason` is a fixed word for logs, never part of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNames:
    """Which claims of an issuer's tokens say what; `roles` translates the issuer's own words for roles."""

    subject: str = "sub"
    organisation: str = "organisation"
    roles: str = "roles"
    role_words: Mapping[str, Role] = field(default_factory=dict)


def caller_from(claims: Mapping[str, Any], names: ClaimNames, pseudonyms: Pseudonyms) -> Caller:
    """The caller that verified claims speak of.

    Roles that are not ours are ignored, but one of ours must be there; `system` can never come from a token.

    Raises:
        TokenRefusedError: subject, organisation or roles are missing or have another form.
    """
    issuer, subject, organisation = claims["iss"], claims.get(names.subject), claims.get(names.organisation)
    if not isinstance(subject, str) or not 1 <= len(subject) <= _SUBJECT_LONGEST or not subject.isprintable():
        raise TokenRefusedError("subject")
    if not isinstance(organisation, str) or not _ODS.fullmatch(organisation):
        raise TokenRefusedError("organisation")
    actor = Actor(
        id=pseudonyms.actor(issuer, organisation, subject),
        organisation=OdsCode(organisation),
        roles=_roles(claims.get(names.roles), names),
    )
    return Caller(actor, issuer, subject, pseudonyms.client(issuer, organisation, subject))


def _roles(claimed: object, names: ClaimNames) -> frozenset[Role]:
    words = claimed.split() if isinstance(claimed, str) else claimed
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise TokenRefusedError("roles")
    found = {names.role_words.get(word) or _BY_NAME.get(word) for word in words} - {None}
    if Role.SYSTEM in found or Role.SYSTEM.value in words:
        raise TokenRefusedError("role-system")
    if not found:
        raise TokenRefusedError("roles")
    return frozenset(role for role in found if role is not None)
