"""The invented people: MCE's own, assessors, panel members, and those of each hotline. All have the same password."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from evaluation.models import Hotline, Membership, Operation, Operator, Role, User
from portal.accounts.adapters import sync_groups
from portal.accounts.password_strength import PRINTED
from portal.demonstration.hotlines import LINES, Line

PASSWORD = PRINTED
EDITOR = "editor@mce.example"
SECOND = "joris@mce.example"
"""The second coordinator, who confirms what the first one proposes."""
SINCE = date(2020, 1, 1)
"""The start of all memberships."""


@dataclass(frozen=True, slots=True)
class Person:
    address: str
    name: str
    role: Role
    country: str = ""
    language: str = "en"


MCE, LEAD, COLLEAGUE, MEMBER = (
    *("anouk@mce.example", "ruta@assessors.example"),
    *("eleni@assessors.example", "brigitta@panel.example"),
)
STAFF = (
    Person(MCE, "Anouk Peeters", Role.MCE_COORDINATOR, "BE"),
    Person(SECOND, "Joris van den Berg", Role.MCE_COORDINATOR, "NL"),
    Person(EDITOR, "Maud Lefèvre", Role.GUIDE_EDITOR, "BE", language="fr"),
    Person(LEAD, "Rūta Žukaitė", Role.ASSESSOR, "LT"),
    Person(COLLEAGUE, "Ελένη Παππά", Role.ASSESSOR, "GR"),
    Person("dimitar@assessors.example", "Димитър Колев", Role.ASSESSOR, "XB"),
    Person("marta@assessors.example", "Marta Wiśniewska", Role.ASSESSOR, "PL"),
    Person("henrik@assessors.example", "Henrik Ødegård", Role.ASSESSOR, "DK"),
    Person("ines@assessors.example", "Inês Magalhães", Role.ASSESSOR, "PT"),
    Person("pavel@assessors.example", "Pavel Růžička", Role.ASSESSOR, "CZ"),
    Person("saoirse@assessors.example", "Saoirse Ní Bhriain", Role.ASSESSOR, "IE"),
    Person(MEMBER, "Brigitta Szűcs", Role.PANEL_MEMBER, "HU"),
    Person("tomas@panel.example", "Tomás Ó Súilleabháin", Role.PANEL_MEMBER, "IE"),
    Person("freja@panel.example", "Freja Østergård", Role.PANEL_MEMBER, "DK"),
    Person("nikos@panel.example", "Νίκος Παπαδάκης", Role.PANEL_MEMBER, "CY"),
    Person("ioana@panel.example", "Ioana Ștefănescu", Role.PANEL_MEMBER, "RO"),
    Person("luka@panel.example", "Luka Kovačević", Role.PANEL_MEMBER, "HR"),
)
"""Dimitar has a tie: he is from the country of a hotline of this round, and cannot join its visit."""


def address_of(name: str, country: str) -> str:
    """Return the address of a name: `Ilze Kalniņa` of XA signs in as ilze@xa.example."""
    first = unicodedata.normalize("NFKD", name.split(maxsplit=1)[0].lower())
    plain = "".join(letter for letter in first if letter.isascii() and letter.isalpha())
    return f"{plain}@{country.lower()}.example"


def sign_ins() -> list[tuple[str, str]]:
    """Return role and address of one person per role, for display."""
    one, published = (next(line for line in LINES if line.country == country) for country in ("XA", "XZ"))
    return [
        ("Hotline coordinator (Aldermark)", address_of(one.coordinator, one.country)),
        ("Hotline contributor (Aldermark)", address_of(one.contributor, one.country)),
        ("Hotline coordinator (Zagoria, published)", address_of(published.coordinator, published.country)),
        ("MCE coordinator", MCE),
        ("Second coordinator of MCE", SECOND),
        ("Guide editor", EDITOR),
        ("Lead assessor", LEAD),
        ("Assessor", COLLEAGUE),
        ("Panel member", MEMBER),
    ]


def show_sign_ins(_request: HttpRequest) -> dict[str, Any]:
    """Add role, address and password of invented people to the context, for the page of sign-in of a demonstration."""
    if not settings.DEMONSTRATION:
        return {}
    found = [{"role": role, "address": address, "password": PASSWORD} for role, address in sign_ins()]
    return {"demonstration_sign_ins": found}


@cache
def _hash() -> str:
    """Return the password hash, computed once, as hashing is slow by design."""
    return make_password(PASSWORD)


def create_person(person: Person, hotline: Hotline | None = None, operator: Operator | None = None) -> User:
    user = User.objects.create(
        email=person.address,
        password=_hash(),
        name=person.name,
        country=person.country,
        language=person.language,
        is_demonstration=True,
    )
    Membership.objects.create(user=user, role=person.role, hotline=hotline, operator=operator, since=SINCE)
    sync_groups(user)
    return user


def create_hotline(line: Line) -> Hotline:
    """Create the hotline with its operator, its coordinator and its contributor."""
    hotline = Hotline.objects.create(
        code=f"116000-{line.country}",
        country=line.country,
        recorded_name=line.name,
        is_invented=True,
        languages="en",
        mce_member=True,
    )
    operator = Operator.objects.create(name=line.operator, kind=line.kind)
    Operation.objects.create(hotline=hotline, operator=operator, since=str(line.since))
    for name, role in ((line.coordinator, Role.COORDINATOR), (line.contributor, Role.CONTRIBUTOR)):
        create_person(Person(address_of(name, line.country), name, role), hotline, operator)
    return hotline
