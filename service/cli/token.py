"""`incident-ledger token`: one token of the local issuer, for development and demonstration."""

import re
from typing import Annotated, Final

import typer

from domain.kernel.actor import Role
from service.identity.issuers import USUAL_HOURS, LocalIssuer
from service.identity.key_files import KeyFolder
from service.settings import read_settings

_ODS: Final = re.compile(r"[A-Z0-9]{3,8}")
_HOURS_MOST: Final = 24 * 366
_ROLES: Final = {role.value: role for role in Role if role is not Role.SYSTEM}


def token(
    role: Annotated[list[str], typer.Option(help="A role; give the option again for more than one.")],
    org: Annotated[str, typer.Option(help="The ODS code of the organisation.")],
    subject: Annotated[str, typer.Option(help="Who: a name that the issuer would know.")],
    hours: Annotated[float, typer.Option(help="How long the token is good.")] = USUAL_HOURS,
) -> None:
    """Print one token, and nothing else."""
    settings = read_settings()
    if settings.mode == "production":
        raise typer.BadParameter("the local issuer is not trusted in production; ask your own issuer for a token")
    roles = [_role(name) for name in role]
    if not _ODS.fullmatch(org):
        raise typer.BadParameter("an ODS code is 3 to 8 upper-case letters and digits", param_hint="--org")
    if not subject.strip():
        raise typer.BadParameter("a subject is not blank", param_hint="--subject")
    if not 0 < hours <= _HOURS_MOST:
        raise typer.BadParameter("from a moment to a year", param_hint="--hours")
    issuer = LocalIssuer(KeyFolder(settings.keys))
    typer.echo(issuer.mint(roles, organisation=org, subject=subject, hours=hours))


def _role(name: str) -> Role:
    if name not in _ROLES:
        raise typer.BadParameter(f"choose from {', '.join(sorted(_ROLES))}", param_hint="--role")
    return _ROLES[name]
