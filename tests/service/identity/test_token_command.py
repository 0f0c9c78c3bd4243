"""`incident-ledger token` prints one token and nothing else."""

from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from domain.kernel.actor import Role
from service.cli.token import token
from service.identity.key_files import KeyFolder
from service.identity.setup import IdentitySettings, token_verifier

app = typer.Typer()
app.command("token")(token)
RIGHT = ["--role", "administrator", "--org", "ZZ1", "--subject", "me"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INCIDENT_LEDGER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("INCIDENT_LEDGER_MODE", raising=False)
    return tmp_path / "home"


async def test_one_token_that_the_ledger_accepts_is_printed(home: Path) -> None:
    result = CliRunner().invoke(app, [*RIGHT, "--role", "auditor"])
    (line,) = result.stdout.splitlines()
    async with httpx.AsyncClient() as client:
        caller = await token_verifier(IdentitySettings(), KeyFolder(home / "keys"), client).verify(line.encode())
    assert caller.actor.roles == {Role.ADMINISTRATOR, Role.AUDITOR}
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["--role", "system", *RIGHT[2:]],
        ["--role", "boss", *RIGHT[2:]],
        [*RIGHT[:2], "--org", "zz1", *RIGHT[4:]],
        [*RIGHT[:4], "--subject", " "],
        [*RIGHT, "--hours", "0"],
        [*RIGHT, "--hours", "nan"],
    ],
)
def test_what_cannot_be_minted_is_refused_and_prints_nothing(home: Path, given: list[str]) -> None:
    result = CliRunner().invoke(app, given)
    assert (result.exit_code, result.stdout) == (2, "")


def test_no_local_token_is_minted_in_production(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENT_LEDGER_MODE", "production")
    monkeypatch.setenv("INCIDENT_LEDGER_ISSUER", "https://issuer.test")
    monkeypatch.setenv("INCIDENT_LEDGER_JWKS_URL", "https://issuer.test/jwks")
    assert CliRunner().invoke(app, RIGHT).exit_code == 2
    assert not home.exists()
