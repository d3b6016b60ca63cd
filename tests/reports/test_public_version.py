"""The version of a report for the public: the names that are found, and what is left out."""

import pytest

from evaluation.models import Agenda, Role
from reports.public_version import StaffNames
from tests.factories import InvitationFactory, RecommendationFactory, person
from tests.stage import Stage

NAMES = StaffNames(["Zofia Kowalska", "Ana Marin", "Jan van der Berg", "Li Wu", "Žiga Žnidaršič", "Rose Field"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zofia Kowalska could have shown it.", "[*] could have shown it."),
        ("The key of Zofii Kowalskiej hangs there.", "The key of [*] hangs there."),
        ("Kowalska’s shift; KOWALSKA; kowalska", "[*]’s shift; [*]; [*]"),
        ("Ana Marin, and then Marin alone.", "[*], and then [*] alone."),
        ("Jan van der Berg. Mr Berg.", "[*]. Mr [*]."),
        ("Ask Li Wu, not the wu of another.", "Ask [*], not the wu of another."),
        ("ZNIDARSIC and Znidaršiča", "[*] and [*]"),
        ("Z. Kowalska wrote to z.kowalska@line.example.", "[*] wrote to [*]."),
        ("Kowalska-Nowak", "[*]-Nowak"),
        ("Z\u030cnidars\u030cic\u030c", "[*]"),
        ("The road is narrow and rose by a field; Fields.", "The road is narrow and rose by a field; [*]."),
        ("An annual banana from Anatolia.", "An annual banana from Anatolia."),
        ("", ""),
    ],
)
def test_names_are_replaced_also_in_part_and_with_another_ending(text: str, expected: str) -> None:
    assert NAMES.replace(text, "[*]") == expected
    assert "".join(part.text for part in NAMES.split(text)) == text


@pytest.mark.django_db
def test_the_names_are_those_of_everybody_who_is_or_was_of_the_hotline() -> None:
    stage = Stage("decided")
    other = Stage("decided", stage.people, country="XB", round=stage.round)
    former = person(Role.CONTRIBUTOR, hotline=stage.hotline, name="Ottilie Formerly")
    former.memberships.update(until="2020-01-01")
    InvitationFactory(hotline=stage.hotline, name="Ivanka Invited")
    RecommendationFactory(evaluation=stage.evaluation, code="1.1.1", owner="Wanda Owner, from May")
    Agenda.objects.create(
        visit=stage.visit, version=1, sessions=[{"people": "the director, Dagmar Sitting"}], by=stage.people.lead
    )
    person(Role.CONTRIBUTOR, hotline=other.hotline, name="Benedikt Elsewhere")
    names = StaffNames.of(stage.hotline)
    words = "Formerly Invited Owner Sitting director Elsewhere"
    assert names.replace(words, "*") == "* director Elsewhere"
