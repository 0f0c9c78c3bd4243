"""A Never Event under PSIRF: a swab retained after surgery, from the report to a closed case with one action open."""

from service.demo.case import Case
from service.demo.stage import Stage
from service.demo.swab.actions import agree_actions, see_actions_through
from service.demo.swab.candour import answer_first_question, apologise_and_write, decline_contact, get_in_touch_again
from service.demo.swab.closing import close_at_last, fail_to_close, put_right
from service.demo.swab.deciding import decide_candour, decide_never_event, work_off_the_worklist
from service.demo.swab.first_day import name_people, report_swab, secure_evidence
from service.demo.swab.response import approve_response, commission_response, find


async def play_swab(stage: Stage) -> Case:
    """Play the case to its closure: every step is one sentence of the story."""
    case = await report_swab(stage)
    evidence = await secure_evidence(case)
    patient = await name_people(case)
    await decide_never_event(case)
    person = await decline_contact(case, patient)
    await decide_candour(case)
    questions = await get_in_touch_again(case, person)
    response = await commission_response(case)
    await apologise_and_write(case, person)
    await work_off_the_worklist(case)
    findings = await find(case, response, evidence)
    actions = await agree_actions(case, response, findings)
    await answer_first_question(case, questions[0])
    await see_actions_through(case, actions)
    await approve_response(case, response)
    await fail_to_close(case)
    await put_right(case, person=person, question=questions[1], response=response, findings=findings, action=actions[1])
    await close_at_last(case)
    return case
