"""The README's first report works as it is written there, against a service that nobody has used before."""

import re
import shlex
from pathlib import Path

import httpx

from domain.kernel.actor import Role
from tests.support.running.service import running_service

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
EXAMPLE = README.split("## A first report", 1)[1].split("```sh", 1)[1].split("```", 1)[0]
TOKEN = re.compile(r"^(\w+)=\$\(\S*incident-ledger token --role (\w+) --org (\w+) --subject ([\w-]+)\)$", re.MULTILINE)


def posted(command: str, values: dict[str, str]) -> httpx.Response:
    """What the service answers to a curl command of the README."""
    for name, value in values.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:3] == ["curl", "-X", "POST"]
    options = list(zip(words[4::2], words[5::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    [body] = [value for option, value in options if option == "-d"]
    return httpx.post(words[3], headers=headers, content=body)


def test_the_first_report_of_the_readme_is_recorded() -> None:
    commands = re.findall(r"^curl .*?(?:'$|\Z)(?=\n\n|\Z)", EXAMPLE.strip(), re.MULTILINE | re.DOTALL)
    with running_service() as service:
        values = {"LEDGER": service.url}
        for name, role, organisation, subject in TOKEN.findall(EXAMPLE):
            values[name] = service.token([Role(role)], organisation=organisation, subject=subject)

        answers = [posted(command, values) for command in commands]
        again = posted(commands[-1], values)

    assert [answer.status_code for answer in answers] == [201, 201]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == answers[-1].json()
