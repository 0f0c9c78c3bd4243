"""The image and the composition keep to the habits that keep a container safe."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BASE = re.compile(r"FROM (?P<image>[a-z0-9./-]+):(?P<tag>\S+)(?: AS (?P<stage>\w+))?")
SECRET = re.compile(r"password|secret|token|_key\b", re.IGNORECASE)


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, with continued lines joined and comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined) if word]


def said(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def composition() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


SERVICES = composition()["services"]


def test_each_stage_starts_from_a_full_version_and_never_from_latest() -> None:
    bases = [BASE.fullmatch(f"FROM {each}") for each in said("FROM")]

    assert len(bases) == 2
    for base in bases:
        assert base is not None
        assert re.match(r"3\.11\.\d+-slim", base["tag"])


def test_the_image_runs_as_a_user_with_a_number_that_is_not_root() -> None:
    last_stage = instructions()[[word for word, _ in instructions()].index("FROM", 1) :]
    users = [rest for word, rest in last_stage if word == "USER"]

    assert users == ["10001:10001"]
    assert all(word not in {"RUN", "COPY"} for word, _ in last_stage[last_stage.index(("USER", users[0])) :])


def test_nothing_is_added_from_an_address() -> None:
    assert said("ADD") == []
    assert "://" not in (ROOT / "Dockerfile").read_text().replace("http://127.0.0.1:8000", "")


def test_packages_come_by_their_hashes() -> None:
    installs = re.findall(r"pip install [^&]*", " ".join(said("RUN")))

    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-deps --no-index" in install


def test_only_named_sources_are_copied() -> None:
    copied = [each for each in said("COPY") if not each.startswith("--from=build")]

    assert [each for each in copied if each.split()[0] in {".", "./"}] == []
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")


def test_the_image_holds_no_secret() -> None:
    assert [each for each in (*said("ENV"), *said("ARG")) if SECRET.search(each)] == []


def test_health_is_asked_over_http_without_more_tools() -> None:
    (health,) = said("HEALTHCHECK")

    assert "/_status" in health
    assert "python" in health
    assert not re.search(r"curl|wget", health)


def test_the_commands_entry_point_is_ours() -> None:
    assert said("ENTRYPOINT") == ['["incident-ledger"]']


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_confined(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["tmpfs"]
    assert not service.get("privileged")
    assert re.fullmatch(r".+:\d+\.\d+\S*", service["image"]), "an image is named with its version"


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "database"])
def test_our_services_run_as_the_images_user_and_keep_no_capability(name: str) -> None:
    assert SERVICES[name]["user"] == "10001:10001"
    assert "cap_add" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_as_files_only(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    open_secrets = [key for key in environment if SECRET.search(key) and not key.endswith("_FILE")]

    assert open_secrets == []
    assert not re.search(r"://[^/@]+:[^/@]+@", str(environment)), "no URL holds a password"


def test_only_the_one_that_migrates_is_given_the_owners_password() -> None:
    assert [name for name, each in SERVICES.items() if "database_url" in each.get("secrets", [])] == ["migrate"]


def test_the_api_and_the_worker_are_two_and_wait_for_the_migrations() -> None:
    assert "--no-worker" in SERVICES["api"]["command"]
    assert SERVICES["worker"]["command"] == ["work"]
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_database_is_not_reachable_from_outside() -> None:
    assert "ports" not in SERVICES["database"]
    assert composition()["networks"]["inside"]["internal"] is True
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["api"]["ports"])


def test_git_never_takes_the_secrets() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()

    assert "secrets/" in ignored
    assert all(each["file"].startswith("./secrets/") for each in composition()["secrets"].values())
