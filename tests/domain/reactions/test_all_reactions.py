"""The list of reactions, and the keys under which their orders are given."""

from pathlib import Path

import domain.reactions
from domain.reactions.all_reactions import REACTIONS
from tests.domain.learning_response.facts import commissioned
from tests.support.decisions import an_id

CASES = (an_id(0x11), an_id(0x12))


def test_every_reaction_is_in_the_list_under_the_name_of_its_file() -> None:
    folder = Path(domain.reactions.__path__[0])
    files = {path.stem for path in folder.glob("*_when_*.py")}

    assert sorted(reaction.name for reaction in REACTIONS) == sorted(files)


def test_an_order_has_one_key_for_each_reaction_fact_and_case() -> None:
    (orders,) = [found for reaction in REACTIONS if (found := reaction.react(commissioned(), cases=CASES))]

    keys = {reaction.key(order, position=position) for reaction in REACTIONS for order in orders for position in (7, 8)}
    assert len(keys) == len(REACTIONS) * 4
    assert REACTIONS[0].key(orders[0], position=7) == f"{REACTIONS[0].name}/7/{CASES[0]}"
