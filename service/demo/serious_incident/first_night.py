"""The night of the fall: the report, the patient made safe, and who was involved."""

from service.demo.case import Case, report
from service.demo.cast import LIAISON_NURSE, RISK_MANAGER, WARD_NURSE
from service.demo.stage import Stage


async def report_fall(stage: Stage) -> Case:
    """The Wednesday before Easter: how badly the patient is hurt is not known yet."""
    await stage.at(2, "21:40")
    case = await report(
        stage,
        WARD_NURSE,
        "reports a fall at night; the harm is not yet known",
        local_reference=stage.reference(1),
        discovered_at=stage.instant(2, "21:10"),
        occurred_at=stage.instant(2, "21:05"),
        what_happened="A patient who needs two people to stand got up alone beside the bed and fell on the left hip. The"
        " sensor mat was not plugged in.",
        location={"site": "Othertown", "division": "Older people", "specialty": "Old age psychiatry"},
        patients=[{"sequence": 1}],
    )
    await case.does(
        WARD_NURSE,
        "makes the patient and the other patients safe",
        "safety-steps",
        steps_taken="The patient was not moved until a doctor had come, and went to X-ray. All sensor mats were checked.",
    )
    return case


async def name_people(case: Case) -> str:
    """Who handles the case, and the patient, to whom candour will be owed: the relevant person's id."""
    await case.stage.at(3, "10:00")
    await case.does(
        RISK_MANAGER,
        "takes the case on",
        "assignments",
        assignment="handler",
        name="Ash Placeholder",
        role="Risk manager",
    )
    patient = await case.does(
        LIAISON_NURSE,
        "names the patient",
        "people",
        kind="patient",
        patient=1,
        name="Morgan Dummy",
        born_on="1938-11-02",
    )
    person = await case.does(
        LIAISON_NURSE,
        "records to whom one has to be open: the patient",
        "candour/relevant-persons",
        person=patient.id,
        name="Morgan Dummy",
        relationship="patient",
        channel="in_person",
    )
    return person.id
