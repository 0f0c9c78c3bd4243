"""Every summary and list whose figures are explained, by its path below `/v1/`."""

from typing import Final

from projections.explaining import actions, clocks, decisions, incidents, work
from projections.explaining.figures import Summary

SUMMARIES: Final[dict[str, Summary]] = {
    summary.name: summary
    for summary in (
        clocks.SUMMARY,
        clocks.LIST,
        clocks.RECORD,
        actions.SUMMARY,
        actions.LIST,
        actions.RECORD,
        decisions.AGREEMENT,
        decisions.LIST,
        incidents.LIST,
        incidents.RECORD,
        work.LIST,
    )
}
