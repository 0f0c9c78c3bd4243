"""A policy small enough to read beside a test: two regimes, candour, and one plan of the fictitious trust ZZ1."""

from datetime import date
from functools import cache
from typing import Final

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition

_PSIRF: Final = """
title = "A small PSIRF"
family = "regime"
in_force_from = 2022-08-16

[[rule]]
id = "P-SAFE"
title = "Make people safe"
applies_when = ["record:incident"]
started_by = ["incident.discovered"]
met_by = ["incident.safety_secured"]
unit = "ASAP"
actor = "provider"
force = "national"
source = "test"
verified = false

[[rule]]
id = "P-TELL"
title = "Tell the commissioner of a Never Event"
applies_when = ["never_event:met"]
started_by = ["incident.identified:never_event"]
met_by = ["incident.notified:commissioner"]
length = 2
unit = "WD"
actor = "provider"
recipients = ["commissioner"]
pausable = true
extendable = true
force = "national"
source = "test"
verified = false

[[rule]]
id = "P-CONCERN"
title = "Tell of public concern"
applies_when = ["public-concern"]
started_by = ["incident.fact:public_concern"]
met_by = ["incident.notified:commissioner"]
unit = "ASAP"
actor = "provider"
extendable = true
force = "national"
source = "test"
verified = false

[[rule]]
id = "P-PSII"
title = "Complete the investigation"
applies_when = ["response:psii"]
started_by = ["learning_response.commissioned:psii"]
met_by = ["learning_response.approved"]
length = 6
unit = "M"
actor = "provider"
pausable = true
extendable = true
force = "national"
source = "test"
verified = false
"""

_SIF: Final = """
title = "A small Serious Incident Framework"
family = "regime"
in_force_from = 2015-04-01

[[rule]]
id = "S-TELL"
title = "Report a serious incident"
applies_when = ["serious_incident:met"]
started_by = ["incident.identified:serious_incident"]
met_by = ["incident.submitted_externally:steis"]
length = 2
unit = "WD"
options = ["48 H"]
actor = "provider"
recipients = ["commissioner"]
pausable = true
extendable = true
force = "national"
source = "test"
verified = false

[[rule]]
id = "S-ASK"
title = "Discuss with the commissioner"
applies_when = ["serious_incident:unclear"]
started_by = ["incident.possibly_identified:serious_incident"]
met_by = ["incident.notified:commissioner"]
length = 2
unit = "WD"
actor = "provider"
recipients = ["commissioner"]
force = "national"
source = "test"
verified = false

[[rule]]
id = "S-CONCISE"
title = "Complete the concise investigation"
applies_when = ["serious_incident:met", "response:concise"]
started_by = ["incident.submitted_externally:steis"]
met_by = ["learning_response.submitted:commissioner"]
length = 60
unit = "WD"
actor = "provider"
pausable = true
extendable = true
force = "national"
source = "test"
verified = false
"""

_CANDOUR: Final = """
title = "A small regulation 20"
family = "candour"
in_force_from = 2014-11-27

[[rule]]
id = "C-TELL"
title = "Tell the relevant person"
applies_when = ["notifiable_safety_incident:met"]
started_by = ["incident.identified:notifiable_safety_incident"]
met_by = ["candour.notice_given"]
set_aside_by = ["candour.contact_declined"]
revived_by = ["candour.question_asked"]
unit = "ASAP"
actor = "provider"
recipients = ["relevant_person"]
owed_to_each_person = true
force = "law"
source = "test"
verified = false

[[rule]]
id = "C-WRITE"
title = "Write to the relevant person"
applies_when = ["notifiable_safety_incident:met"]
started_by = ["candour.notice_given"]
met_by = ["candour.letter_sent:notification"]
set_aside_by = ["candour.contact_declined"]
revived_by = ["candour.question_asked"]
unit = "ASAP"
actor = "provider"
recipients = ["relevant_person"]
owed_to_each_person = true
force = "law"
source = "test"
verified = false
"""

_PLAN: Final = """
title = "A small local plan"
family = "local-plan"
organisation = "ZZ1"
in_force_from = 2024-01-01

[[rule]]
id = "L-HOURS"
title = "Review a Never Event"
applies_when = ["never_event:met"]
started_by = ["incident.identified:never_event"]
met_by = ["incident.initial_review_made"]
length = 72
unit = "H"
actor = "provider"
pausable = true
extendable = true
force = "local"
source = "test"
verified = false

[[rule]]
id = "L-PANEL"
title = "Decide the response"
applies_when = ["record:incident"]
started_by = ["incident.reported"]
met_by = ["incident.threshold_decided:plan_priority"]
length = 7
unit = "CD"
actor = "provider"
pausable = true
extendable = true
force = "local"
source = "test"
verified = false
"""

_LIMITS: Final = """
title = "Small limits of a commissioner"
family = "commissioner-limits"
in_force_from = 2026-01-01
organisation = "ZZQ"

[[choice]]
rule = "S-TELL"
unit = "H"
length = 48
"""

CALENDAR: Final = Calendar(Code("test-1"), frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
"""Good Friday and Easter Monday of 2026 are the only bank holidays that these tests meet."""

PLAN_NAME: Final = Code("zz1-plan")
LIMITS_NAME: Final = Code("zzq-limits")


@cache
def small_policy() -> Policy:
    """The policy; parsed once."""
    texts = {"psirf-2022": _PSIRF, "sif-2015": _SIF, "reg20": _CANDOUR, PLAN_NAME: _PLAN, LIMITS_NAME: _LIMITS}
    return Policy(tuple(parse_edition(name, text.encode()) for name, text in texts.items()), CALENDAR)
