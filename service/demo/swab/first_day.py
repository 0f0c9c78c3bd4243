"""The first day: the report, immediate safety, evidence secured with its chain of custody, the people involved."""

from dataclasses import dataclass
from hashlib import sha256

from service.demo.case import Case, report
from service.demo.cast import ENGAGEMENT_LEAD, REPORTER, SAFETY_MANAGER
from service.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Evidence:
    """The items that the findings will cite, by their ids."""

    count_sheet: str
    x_ray: str


async def report_swab(stage: Stage) -> Case:
    """The harm is not yet known when the swab is seen on the X-ray."""
    await stage.at(0, "10:15")
    case = await report(
        stage,
        REPORTER,
        "reports a swab seen on an X-ray; the harm is not yet known",
        local_reference=stage.reference(1),
        discovered_at=stage.instant(0, "09:40"),
        occurred_at=stage.instant(-4, "15:20"),
        what_happened="An X-ray for pain after a bowel operation last Thursday shows a retained swab. The count was"
        " signed as complete.",
        location={
            "site": "Main site",
            "division": "Surgery",
            "specialty": "Colorectal surgery",
            "place": "Theatre 4",
        },
        patients=[{"sequence": 1}],
    )
    await stage.at(0, "10:30")
    await case.does(
        REPORTER,
        "makes the patient and the next patients safe",
        "safety-steps",
        steps_taken="The patient was examined by the consultant and kept without food for a return to theatre. The swab"
        " count of every operation of today was done again by two people.",
    )
    return case


async def secure_evidence(case: Case) -> Evidence:
    """Two items are kept, and one of them changes hands."""
    await case.stage.at(0, "11:00")
    sheet = await case.does(
        REPORTER,
        "secures the swab count sheet",
        "evidence",
        item="Swab count sheet of theatre 4, list of last Thursday afternoon, original on paper.",
        custodian="Terry Specimen",
        place="Safe in the theatre manager's office",
    )
    x_ray = await case.does(
        REPORTER,
        "secures the X-ray",
        "evidence",
        item="Abdominal X-ray of today, exported from the imaging system as one file.",
        sha256=sha256(b"an image that nobody took of a patient who does not exist").hexdigest(),
        custodian="Terry Specimen",
    )
    await case.stage.at(0, "11:40")
    await case.does(
        SAFETY_MANAGER,
        "takes the count sheet over",
        f"evidence/{sheet.id}/transfers",
        custodian="Robin Sample",
        place="Evidence cupboard of the patient safety team",
        reason="The original is kept apart from the department in which the incident occurred.",
    )
    return Evidence(sheet.id, x_ray.id)


async def name_people(case: Case) -> str:
    """Who handles the case and who was involved; the patient's id."""
    await case.stage.at(0, "12:00")
    for assignment, name, role in (
        ("handler", "Robin Sample", "Patient safety manager"),
        ("engagement_lead", "Jo Placeholder", "Family liaison nurse"),
    ):
        await case.does(
            SAFETY_MANAGER,
            f"assigns the {assignment.replace('_', ' ')}",
            "assignments",
            assignment=assignment,
            name=name,
            role=role,
        )
    patient = await case.does(
        ENGAGEMENT_LEAD,
        "names the patient",
        "people",
        kind="patient",
        patient=1,
        name="Pat Example",
        nhs_number="9990000077",
        born_on="1971-05-14",
    )
    await case.does(SAFETY_MANAGER, "names the scrub practitioner", "people", kind="staff", name="Sam Instance")
    await case.does(SAFETY_MANAGER, "names a witness", "people", kind="witness", name="Chris Dummy")
    return patient.id
