"""The one door to packs: what is found, planned and made."""

from domain.policy.library import Policy
from service.reading.audit.packs.finding import PackFinder
from service.reading.audit.packs.making import PackMaker
from service.reading.audit.packs.proving import Proofs
from service.reading.queries import Queries


class Packs:
    """Packs of one ledger: `finder` says what exists for a reader and plans it, `maker` makes it."""

    def __init__(self, queries: Queries, proofs: Proofs, policy: Policy) -> None:
        self.finder = PackFinder(queries, proofs)
        self.maker = PackMaker(queries.ledger, queries.codec, opening=queries.opening, proofs=proofs, policy=policy)
