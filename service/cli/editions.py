"""`incident-ledger editions`: the rules of this build, for people: listed, shown one by one, and searched."""

from enum import StrEnum
from typing import Annotated

import orjson
import typer

from domain.kernel.words import Code

editions = typer.Typer(help="The policy editions of this build.", no_args_is_help=True)


class Format(StrEnum):
    """How an edition is shown."""

    MARKDOWN = "markdown"
    JSON = "json"


@editions.command("list")
def list_editions() -> None:
    """One line an edition: its name, its days, its title."""
    from service.policy import read_policy

    policy = read_policy()
    for edition in policy.editions:
        until = edition.in_force_until or ""
        replaced = "  (replaced)" if policy.is_replaced(edition) else ""
        typer.echo(f"{edition.name:32} {edition.in_force_from} - {until!s:10} {edition.title}{replaced}")


@editions.command("show")
def show_edition(
    name: Annotated[str, typer.Argument(help="The name of an edition, or its reference.")],
    form: Annotated[Format, typer.Option("--format", help="How to show it.")] = Format.MARKDOWN,
) -> None:
    """Print a whole edition: each rule in one plain sentence, with its force and source."""
    from domain.policy.explaining.document import edition_document, edition_markdown
    from domain.policy.library import EditionUnknownError
    from service.policy import read_policy

    policy = read_policy()
    try:
        edition = policy.named(Code(name))
    except EditionUnknownError:
        known = ", ".join(each.name for each in policy.editions)
        raise typer.BadParameter(f"there is no edition {name}; there are {known}") from None
    if form is Format.JSON:
        typer.echo(orjson.dumps(edition_document(edition, policy), option=orjson.OPT_INDENT_2).decode())
        return
    typer.echo(edition_markdown(edition, policy), nl=False)


@editions.command("search")
def search_editions(
    words: Annotated[list[str], typer.Argument(help="What to look for: SI, SIRI and SUI are one.")],
) -> None:
    """Print every rule, criterion and term in which all the words occur, in their own or another name."""
    from domain.policy.explaining.searching import search
    from service.policy import read_policy

    hits = search(read_policy(), " ".join(words))
    for hit in hits:
        typer.echo(f"{hit.edition}  {hit.id}: {hit.sentence}")
    if not hits:
        typer.echo("Nothing answers to that.", err=True)
        raise typer.Exit(1)
