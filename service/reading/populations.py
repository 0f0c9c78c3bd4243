"""Which decisions stood at a position, from the read model as it was known then."""

from domain.audit_sample.drawing import Criteria, PopulationMember
from domain.kernel.actor import Actor
from domain.kernel.words import DecisionId, IncidentId, OdsCode
from projections.engine.positions import OutdatedError
from projections.engine.queries import NotYetToldError
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from projections.threshold_decisions.queries import list_standing
from service.reading.answering import Answering
from service.reading.queries import Queries, Question, ReadModelsUnavailableError


class KnownPopulations:
    """Finds them among the decisions that the read model has kept: what stood at a position never changes any more."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def standing_at(self, position: int, wanted: Criteria, actor: Actor) -> tuple[PopulationMember, ...]:
        """The decisions that stood once the event at this position was recorded, among those that the actor may see.

        Raises:
            ReadModelsUnavailableError: the database cannot be reached, or is not told up to the position yet.
        """
        try:
            async with self._queries.ask(Question(actor=actor, known_at=position), THRESHOLD_DECISIONS) as answering:
                return await population_in(answering, wanted)
        except (NotYetToldError, OutdatedError) as error:
            raise ReadModelsUnavailableError from error


async def population_in(answering: Answering, wanted: Criteria) -> tuple[PopulationMember, ...]:
    """The decisions that stood at the position of an answer, in the order of their ids."""
    return tuple(
        PopulationMember(DecisionId(row["id"]), IncidentId(row["incident_id"]), OdsCode(row["organisation"]))
        for row in await list_standing(answering.reading, wanted)
    )
