"""What only a provider can be given, and the days for which it is given."""

from domain.kernel.refusal import Refusal
from domain.organisation.events import OrganisationKind
from domain.organisation.state import Organisation, Period


class NotAProvider(Refusal):
    """Only a provider is commissioned and follows a local plan."""

    code = "organisation.not-a-provider"


class PeriodBackwards(Refusal):
    """The last day comes before the first."""

    code = "organisation.period-backwards"


def check_provider(organisation: Organisation) -> None:
    """Let only a provider pass.

    Raises:
        NotAProvider: it is a commissioner or a regulator.
    """
    if organisation.kind is not OrganisationKind.PROVIDER:
        raise NotAProvider(f"{organisation.ods} is a {organisation.kind}.")


def check_period(period: Period) -> None:
    """Let only a period pass that ends after it begins.

    Raises:
        PeriodBackwards: it does not.
    """
    if period.is_backwards():
        raise PeriodBackwards(pointers=("/to_on",))
