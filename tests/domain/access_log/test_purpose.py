"""Why somebody reads: every role implies something, and the document says the same."""

import re
from pathlib import Path

import pytest

from domain.access_log.purpose import Purpose, implied_by
from domain.kernel.actor import Role

DOCUMENT = Path(__file__).parents[3] / "docs" / "access-log.md"
LINE = re.compile(r"^\| `([a-z_]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


@pytest.mark.parametrize(
    ("roles", "purpose"),
    [
        ({Role.PATIENT_SAFETY_MANAGER}, Purpose.INVESTIGATION),
        ({Role.AUDITOR, Role.ENGAGEMENT_LEAD}, Purpose.CANDOUR),
        ({Role.ANALYST, Role.DATA_PROTECTION_OFFICER}, Purpose.DATA_PROTECTION),
        (set(Role), Purpose.INVESTIGATION),
        (set[Role](), Purpose.ADMINISTRATION),
    ],
)
def test_the_role_nearest_to_the_case_says_it(roles: set[Role], purpose: Purpose) -> None:
    assert implied_by(roles) is purpose


def test_the_document_lists_every_purpose_with_the_roles_that_imply_it() -> None:
    table = {
        code: roles for code, _, roles in LINE.findall(DOCUMENT.read_text(encoding="utf-8")) if code in set(Purpose)
    }
    named = {Role.REPORTER_SYSTEM: "reporting system"}

    assert set(table) == set(Purpose)
    for role in set(Role) - {Role.SYSTEM}:
        assert named.get(role, role.replace("_", " ")) in table[implied_by({role})], role
