"""Settings: read from one place, all complaints at once, no secret repeated."""

import re
from datetime import date
from pathlib import Path

import pytest

from domain.kernel.working_days import Proclaimed
from service.settings import SettingInvalidError, Settings, documented_settings, read_settings

ROOT = Path(__file__).parents[3]


def complaints(environment: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingInvalidError) as caught:
        read_settings(environment)
    return caught.value.complaints


def test_without_any_setting_the_embedded_server_lives_in_the_working_folder() -> None:
    settings = read_settings({})

    assert settings.database_url is None
    assert settings.home == Path(".incident-ledger")
    assert settings.keys == Path(".incident-ledger/keys")
    assert settings.mode == "development"


def test_an_empty_variable_counts_as_not_given() -> None:
    assert read_settings({"DATABASE_URL": "", "INCIDENT_LEDGER_HOME": ""}) == Settings()


def test_the_keys_may_lie_apart_from_the_home() -> None:
    assert read_settings({"INCIDENT_LEDGER_KEYS": "/run/keys"}).keys == Path("/run/keys")


def test_a_secret_may_be_given_as_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://me:hidden@there/ledger\n")

    assert read_settings({"DATABASE_URL_FILE": str(secret)}).database_url == "postgresql://me:hidden@there/ledger"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    both = {"DATABASE_URL": "postgresql://there/ledger", "DATABASE_URL_FILE": str(tmp_path)}

    assert complaints(both) == ("DATABASE_URL: given twice, also as DATABASE_URL_FILE",)


def test_a_secret_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (complaint,) = complaints({"DATABASE_URL_FILE": str(tmp_path / "missing")})

    assert complaint.startswith("DATABASE_URL: ")


def test_a_plain_setting_has_no_file_form() -> None:
    assert complaints({"INCIDENT_LEDGER_HOME_FILE": "x"}) == ("INCIDENT_LEDGER_HOME_FILE is not a setting",)


def test_a_misspelt_setting_is_refused() -> None:
    assert complaints({"INCIDENT_LEDGER_HOMME": "x"}) == ("INCIDENT_LEDGER_HOMME is not a setting",)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "²"])
def test_a_bound_is_a_whole_number_from_one_up(value: str) -> None:
    assert complaints({"INCIDENT_LEDGER_WRITES_IN_FLIGHT": value}) == (
        "INCIDENT_LEDGER_WRITES_IN_FLIGHT: must be a whole number from 1 up",
    )


def test_a_bound_is_read() -> None:
    assert read_settings({"INCIDENT_LEDGER_WRITES_IN_FLIGHT": "7"}).writes_in_flight == 7


def test_another_mode_is_refused() -> None:
    assert complaints({"INCIDENT_LEDGER_MODE": "prod"}) == (
        "INCIDENT_LEDGER_MODE: is 'prod'; it may be development or production",
    )


def test_proclaimed_holidays_are_days_and_days_that_cease_to_be_one_in_any_order() -> None:
    given = read_settings({"INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS": " 2027-06-14, -2027-05-31 "}).proclaimed_holidays

    assert given == Proclaimed(frozenset({date(2027, 6, 14)}), frozenset({date(2027, 5, 31)}))
    assert str(given) == "-2027-05-31,2027-06-14"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2027-6-14", "'2027-6-14' is no day as 2027-06-14"),
        ("20270614", "'20270614' is no day as 2027-06-14"),
        ("2027-06-14,", "'' is no day as 2027-06-14"),
        ("+2027-06-14", "'+2027-06-14' is no day as 2027-06-14"),
        ("2027-06-31", "there is no day 2027-06-31"),
        ("2027-06-14,-2027-06-14", "2027-06-14 is given twice"),
        ("2036-01-02", "2036-01-02 is outside the calendar, of 2012 to 2035"),
        ("2027-06-12", "2027-06-12 is at a weekend"),
        ("-2027-06-13", "2027-06-13 is at a weekend"),
    ],
)
def test_what_was_never_proclaimed_so_is_refused(value: str, told: str) -> None:
    (complaint,) = complaints({"INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS": value})

    assert complaint.startswith(f"INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS: {told}")


def test_production_needs_an_issuer_outside() -> None:
    (complaint,) = complaints({"INCIDENT_LEDGER_MODE": "production"})

    assert "no local issuer there" in complaint


def test_an_issuer_needs_its_keys_over_https() -> None:
    issuer = {"INCIDENT_LEDGER_MODE": "production", "INCIDENT_LEDGER_ISSUER": "https://issuer.example"}
    plain = {**issuer, "INCIDENT_LEDGER_JWKS_URL": "http://issuer.example/keys"}
    sound = {**issuer, "INCIDENT_LEDGER_JWKS_URL": "https://issuer.example/keys"}

    assert complaints({"INCIDENT_LEDGER_ISSUER": "https://issuer.example"}) == (
        "INCIDENT_LEDGER_ISSUER needs INCIDENT_LEDGER_JWKS_URL, where its keys are",
    )
    assert complaints(plain) == ("INCIDENT_LEDGER_JWKS_URL must be https",)
    assert read_settings(sound).issuer == "https://issuer.example"


def test_all_complaints_come_at_once() -> None:
    assert (
        len(complaints({"INCIDENT_LEDGER_MODE": "x", "INCIDENT_LEDGER_NO": "x", "INCIDENT_LEDGER_JWKS_URL": "y"})) == 3
    )


def test_no_secret_is_shown() -> None:
    secret = "postgresql://me:hidden@there/ledger"
    names = [each.name for each in documented_settings() if each.secret]
    settings = read_settings(dict.fromkeys(names, secret))

    assert len(names) == 5
    assert "hidden" not in repr(settings)


def test_every_setting_is_explained_once() -> None:
    documented = documented_settings()

    assert all(each.says for each in documented)
    assert len({each.name for each in documented}) == len(documented)


def test_every_setting_is_used() -> None:
    others = [path.read_text() for path in (ROOT / "service").rglob("*.py") if path.name != "settings.py"]
    own = (ROOT / "service" / "settings.py").read_text()
    unused = [
        each.field
        for each in documented_settings()
        if not re.search(rf"settings\.{each.field}\b", "".join(others)) and f"self.{each.field}" not in own
    ]

    assert unused == []


def test_nothing_else_reads_the_environment() -> None:
    reading = re.compile(r"os\.environ|os\.getenv|getenv\(|environb")
    sources = [
        path for root in ("domain", "projections", "service", "migrations") for path in (ROOT / root).rglob("*.py")
    ]
    readers = {str(path.relative_to(ROOT)) for path in sources if reading.search(path.read_text())}

    assert readers == {"service/settings.py"}


def test_a_key_service_is_given_whole_and_apart_from_a_keeper() -> None:
    token = {"INCIDENT_LEDGER_TRANSIT_TOKEN_FILE": "/run/token"}

    assert read_settings({"INCIDENT_LEDGER_TRANSIT_URL": "https://keys.test", **token}).transit_token_file
    assert read_settings({"INCIDENT_LEDGER_TRANSIT_URL": "http://127.0.0.1:8200", **token}).transit_url
    assert complaints(
        {"INCIDENT_LEDGER_TRANSIT_URL": "http://keys.test", "INCIDENT_LEDGER_KEEPER_URL": "postgres://a/b"}
    ) == (
        "INCIDENT_LEDGER_TRANSIT_URL and INCIDENT_LEDGER_KEEPER_URL: one of them keeps the keys",
        "INCIDENT_LEDGER_TRANSIT_URL needs INCIDENT_LEDGER_TRANSIT_TOKEN_FILE",
        "INCIDENT_LEDGER_TRANSIT_URL must be https, but on this machine",
    )
