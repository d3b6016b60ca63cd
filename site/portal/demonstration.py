"""A demonstration round: invented hotlines and people, led through the real doors to different stages.

Every hotline here has a code of XA to XZ, every person an address that cannot receive mail, and every sign-in works
on this machine only (portal.accounts).
"""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from evaluation import judging
from evaluation.directory import load_directory
from evaluation.documents import attach_address, attach_document
from evaluation.judgements import Said, keep_answer, keep_finding
from evaluation.models import (
    Evaluation,
    Hotline,
    Membership,
    Operation,
    Operator,
    Role,
    Round,
    User,
    Visit,
)
from evaluation.queries import to_be_seen
from evaluation.rounds import open_round
from evaluation.visits import arrange_visit, sign_off
from evaluation.workflow import move
from portal import demonstration_panel, demonstration_standing
from portal.accounts import sync_groups
from portal.demonstration_figures import make_public, send_figures
from portal.demonstration_plan import follow, lend_practices, plan_days
from portal.models import HomePage
from portal.post import tell_of_step
from standards.framework import Indicator, Measure
from standards.loading import load_guide
from standards.models import Edition
from standards.releasing import find_edition_page, release

PASSWORD = "forget-me-not 25 May"  # noqa: S105 - printed on the screen; it opens nothing outside this machine
ROUND = "Demonstration round 2026"
GUIDE = Path("fixtures/practical_guide/2026")
DIRECTORY = Path("fixtures/hotlines.csv")


@dataclass(frozen=True, slots=True)
class Person:
    address: str
    name: str
    role: Role
    country: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Line:
    """An invented hotline: how good it is (0 to 1), how far its evaluation goes, who coordinates it."""

    country: str
    name: str
    operator: str
    quality: float
    reaches: Evaluation.State
    coordinator: str
    contributor: str = ""
    answered: float = 1.0
    outcome: str = ""
    """What the panel votes for, when that is not what the rules propose."""


STAFF = (
    Person("anouk@mce.example", "Anouk Peeters", Role.MCE_COORDINATOR),
    Person("editor@mce.example", "Maud Lefèvre", Role.GUIDE_EDITOR, language="fr"),
    Person("ruta@assessors.example", "Rūta Žukaitė", Role.ASSESSOR, "XT"),
    Person("eleni@assessors.example", "Ελένη Παππά", Role.ASSESSOR, "XQ"),
    Person("dimitar@assessors.example", "Димитър Колев", Role.ASSESSOR, "XB"),
    Person("brigitta@panel.example", "Brigitta Szűcs", Role.PANEL_MEMBER, "XS"),
    Person("tomas@panel.example", "Tomás Ó Súilleabháin", Role.PANEL_MEMBER, "XD"),
    Person("freja@panel.example", "Freja Østergård", Role.PANEL_MEMBER, "XF"),
    Person("nikos@panel.example", "Νίκος Παπαδάκης", Role.PANEL_MEMBER, "XG"),
    Person("ioana@panel.example", "Ioana Ștefănescu", Role.PANEL_MEMBER, "XV"),
    Person("luka@panel.example", "Luka Kovačević", Role.PANEL_MEMBER, "XW"),
)

LINES = (
    Line("XA", "Aldermark", "Aldermark Child Line", 0.70, Evaluation.State.SELF_ASSESSMENT,
         "Ilze Kalniņa", "Sofía Núñez Íñigo", answered=0.74),
    Line("XH", "Havenland", "Beacon Foundation", 0.82, Evaluation.State.DESK_REVIEW, "Marek Dvořák"),
    Line("XI", "Ingelmark", "Ingelmark Helpline Trust", 0.86, Evaluation.State.STUDY_VISIT, "Jürgen Großmann"),
    Line("XR", "Rosmark", "Rosmark Family Line", 0.80, Evaluation.State.RESPONSE, "Åsa Lindström"),
    Line("XN", "Navaria", "Lantern of Navaria", 0.78, Evaluation.State.DECISION, "Zsófia Kertész"),
    Line("XC", "Corvania", "Corvania Safe Return", 0.95, Evaluation.State.DECIDED, "Agnieszka Żak", outcome="conditional"),
    Line("XK", "Karstova", "Karstova Children First", 0.74, Evaluation.State.DECIDED, "Petra Šťastná", outcome="deferred"),
    Line("XZ", "Zagoria", "Zagoria Missing Children Centre", 0.96, Evaluation.State.PUBLISHED, "Ana Horvat"),
)  # fmt: skip

EARLIER = (
    Line("XP", "Pelagia", "Pelagia Coast Line", 0.94, Evaluation.State.PUBLISHED, "Nádia Estêvão", outcome="accredited"),
    Line("XL", "Lorenia", "Lorenia Child Alert", 0.93, Evaluation.State.PUBLISHED, "Élise Moreau", outcome="accredited"),
    Line("XM", "Marenholm", "Marenholm Trust", 0.92, Evaluation.State.PUBLISHED, "Søren Dahl", outcome="accredited"),
    Line("XU", "Ulmark", "Ulmark Missing Line", 0.90, Evaluation.State.PUBLISHED, "Þóra Jónsdóttir", outcome="conditional"),
)  # fmt: skip
"""Hotlines of earlier rounds; see portal.demonstration_standing."""

STAGES = list(Evaluation.State)


def address_of(name: str, country: str) -> str:
    """`Ilze Kalniņa` of XA signs in as ilze@xa.example."""
    first = name.split(maxsplit=1)[0].lower()
    plain = "".join(letter for letter in _without_marks(first) if letter.isascii() and letter.isalpha())
    return f"{plain}@{country.lower()}.example"


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def sign_ins() -> list[tuple[str, str]]:
    """Role in words and address, one of each role, for the screen."""
    one = LINES[0]
    return [
        ("Hotline coordinator (Aldermark)", address_of(one.coordinator, one.country)),
        ("Hotline contributor (Aldermark)", address_of(one.contributor, one.country)),
        ("Hotline coordinator (Zagoria, published)", address_of(LINES[-1].coordinator, LINES[-1].country)),
        ("MCE coordinator", "anouk@mce.example"),
        ("Guide editor", "editor@mce.example"),
        ("Lead assessor", "ruta@assessors.example"),
        ("Assessor", "eleni@assessors.example"),
        ("Panel member", "brigitta@panel.example"),
    ]


def is_begun() -> bool:
    return Round.objects.filter(name=ROUND).exists()


def is_there() -> bool:
    """Built to its end: the last hotline's outcome is published."""
    last = Evaluation.objects.filter(round__name=ROUND, hotline__country=LINES[-1].country)
    return last.filter(state=LINES[-1].reaches).exists()


def build(*, say=print) -> Round:
    """Build the whole demonstration. Takes some ten seconds; what is there already stays as it is."""
    say("Loading the directory of hotlines")
    load_directory(DIRECTORY)
    say("Loading the sample Practical Guide and releasing it")
    edition = Edition.objects.filter(code="2026").first()
    if edition is None:
        load_guide(GUIDE)
        edition = release(find_edition_page("2026"))
    _write_home()
    people = {person.address: _person(person) for person in STAFF}
    mce = people["anouk@mce.example"]
    earlier = _lead_earlier(edition, people, say)
    hotlines = [_hotline(line) for line in LINES]
    year = timezone.localdate().year - 1
    for line in EARLIER:
        _send_figures(line, earlier[line.country].hotline, mce, since=year)
    with transaction.atomic():
        round_ = Round.objects.create(
            name=ROUND,
            edition=edition,
            opens_on=timezone.localdate() - timedelta(days=60),
            answers_until=timezone.localdate() + timedelta(days=45),
            figures_from=date(year, 1, 1),
            figures_until=date(year, 12, 31),
        )
        evaluations = {e.hotline.country: e for e in open_round(round_, hotlines, by=mce)}
        for evaluation in evaluations.values():
            tell_of_step("open", evaluation, by=mce)
    for line in LINES:
        say(f"Leading {line.name} to the stage “{line.reaches.label}”")
        _lead(line, evaluations[line.country], people, year)
    members = [people[f"{name}@panel.example"] for name in ("brigitta", "tomas", "freja")]
    demonstration_standing.follow_up_outcomes(earlier, mce=mce, members=members)
    contested = next(line for line in LINES if line.country == "XC")
    demonstration_standing.contest(
        evaluations["XC"],
        coordinator=User.objects.get(email=address_of(contested.coordinator, contested.country)),
        member=people["ioana@panel.example"],
    )
    lend_practices(list(evaluations.values()), mce=mce)
    make_public(by=mce)
    return round_


def _lead_earlier(edition: Edition, people: dict[str, User], say) -> dict[str, Evaluation]:
    """Lead the hotlines of the earlier rounds to their published outcomes."""
    lines = {line.country: line for line in EARLIER}

    def lead(evaluation: Evaluation, year: int) -> None:
        line = lines[evaluation.hotline.country]
        say(f"Leading {line.name} through an earlier round")
        _lead(line, evaluation, people, year)

    return demonstration_standing.lead_earlier_rounds(
        edition, mce=people["anouk@mce.example"], join=lambda country: _hotline(lines[country]), lead=lead
    )


def _write_home() -> None:
    """Give the front page words, as long as nobody has written any."""
    home = HomePage.objects.filter(intro="").first()
    if home:
        home.title = "One number, and the same answer everywhere"
        home.intro = (
            "<p>When a child goes missing in Europe, families call 116 000. Each hotline that answers is looked at "
            "against the same Practical Guide: it assesses itself, assessors visit it, its figures are read, and an "
            "independent panel decides.</p><p>Here you see what is asked, and where each hotline stands.</p>"
        )
        home.save_revision().publish()


def _person(person: Person, hotline: Hotline | None = None) -> User:
    user = User.objects.filter(email=person.address).first() or User.objects.create_user(
        person.address,
        PASSWORD,
        name=person.name,
        country=person.country,
        language=person.language,
        is_demonstration=True,
    )
    Membership.objects.get_or_create(
        user=user,
        role=person.role,
        hotline=hotline,
        defaults={
            "operator": hotline.operation_today.operator if hotline and hotline.operation_today else None,
            "since": date(2020, 1, 1),
        },
    )
    sync_groups(user)
    return user


def _hotline(line: Line) -> Hotline:
    hotline, _ = Hotline.objects.get_or_create(
        code=f"116000-{line.country}",
        defaults={
            "country": line.country,
            "name": line.name,
            "is_invented": True,
            "languages": "en",
            "mce_member": True,
        },
    )
    operator, _ = Operator.objects.get_or_create(name=line.operator, defaults={"kind": Operator.Kind.SPECIALISED_NGO})
    Operation.objects.get_or_create(hotline=hotline, operator=operator, defaults={"since": "2012"})
    _person(Person(address_of(line.coordinator, line.country), line.coordinator, Role.COORDINATOR), hotline)
    if line.contributor:
        _person(Person(address_of(line.contributor, line.country), line.contributor, Role.CONTRIBUTOR), hotline)
    return hotline


def _send_figures(line: Line, hotline: Hotline, mce: User, since: int) -> None:
    send_figures(
        hotline,
        since=since,
        seed=ord(line.country[1]),
        quality=line.quality,
        coordinator=User.objects.get(email=address_of(line.coordinator, line.country)),
        mce=mce,
    )


def _lead(line: Line, evaluation: Evaluation, people: dict[str, User], year: int) -> None:
    """Lead one evaluation as far as its line says, as the people would."""
    dice = random.Random(line.country)  # noqa: S311 - an invented hotline, not a secret
    coordinator = User.objects.get(email=address_of(line.coordinator, line.country))
    mce, lead = people["anouk@mce.example"], people["ruta@assessors.example"]
    colleague = people["eleni@assessors.example"]
    members = [people[f"{name}@panel.example"] for name in ("brigitta", "tomas", "freja")]
    _send_figures(line, evaluation.hotline, mce, since=year)
    _answer(line, evaluation, coordinator, dice)
    for stage, walk in (
        (Evaluation.State.DESK_REVIEW, lambda: _walk(evaluation, "submit", coordinator)),
        (Evaluation.State.STUDY_VISIT, lambda: _visit(line, evaluation, mce, lead, colleague, dice)),
        (Evaluation.State.REPORT, lambda: _sign_off(evaluation, lead)),
        (Evaluation.State.RESPONSE, lambda: _judge(evaluation, mce, coordinator)),
        (Evaluation.State.DECISION, lambda: demonstration_panel.give_response(evaluation, coordinator)),
        (Evaluation.State.DECIDED, lambda: demonstration_panel.decide(evaluation, members, line.outcome)),
        (Evaluation.State.PUBLISHED, lambda: demonstration_standing.print_and_publish(evaluation, mce)),
    ):
        if STAGES.index(line.reaches) >= STAGES.index(stage):
            walk()
    if STAGES.index(line.reaches) >= STAGES.index(Evaluation.State.DECIDED):
        follow(evaluation, coordinator=coordinator, mce=mce)
    if line.reaches is Evaluation.State.RESPONSE:
        demonstration_panel.type_remarks(evaluation, coordinator)
    if line.reaches is Evaluation.State.DECISION:
        demonstration_panel.deliberate(evaluation, [*members, people["nikos@panel.example"]])


@transaction.atomic
def _walk(evaluation: Evaluation, name: str, by: User) -> None:
    """Move and write the letters, as the page does."""
    move(evaluation, name, by=by)
    tell_of_step(name, evaluation, by=by)


def _level(dice: random.Random, quality: float) -> int:
    """A level whose mean follows the quality."""
    return min(3, max(0, round(dice.gauss(3 * quality + 0.15, 0.55))))


def _said(indicator: Indicator, texts, dice: random.Random, quality: float) -> Said:
    path = f"indicator/{indicator.code}/level"
    if indicator.measure is Measure.YES_NO:
        yes = dice.random() < quality + 0.2
        return Said(level=3 if yes else 0, words=f"{texts[path + ('/yes' if yes else '/no')]}.")
    if indicator.measure is Measure.SCALE:
        level = _level(dice, quality)
        return Said(level=level, words=f"{texts[f'{path}/{level}']}.")
    value = Decimal(str(round(min(100.0, dice.gauss(70 + 28 * quality, 4)), 1)))
    return Said(value=value, words="Counted by hand from our own records.")


def _answer(line: Line, evaluation: Evaluation, by: User, dice: random.Random) -> None:
    texts = evaluation.round.edition.texts("en")
    indicators = [i for i in evaluation.framework.indicators.values() if not i.from_figures]
    for indicator in indicators[: int(len(indicators) * line.answered)]:
        said = _said(indicator, texts, dice, line.quality)
        keep_answer(evaluation, indicator.code, said, version=0, by=by)
        if indicator.evidence_required and said.level == 3:
            address = f"https://{line.country.lower()}.example/{indicator.code}"
            attach_address(evaluation, indicator.code, address=address, by=by)
    first = next(i.code for i in indicators if i.evidence_required)
    if evaluation.answers.filter(code=first, level=3).exists():
        attach_document(
            evaluation, first, content=_SMALL_PDF, name="Assignment of the number (sample).pdf", limit=10**6, by=by
        )


def _visit(line: Line, evaluation: Evaluation, mce: User, lead: User, colleague: User, dice: random.Random) -> None:
    """Accepted, arranged, begun; findings as far as the line goes, a little sterner than the hotline's own words."""
    first_day = timezone.localdate() - timedelta(
        days=20 + 3 * (*LINES, *EARLIER).index(line)
    )  # nobody is in two places
    with demonstration_standing.on_the_day(first_day - timedelta(days=14)):
        arrange_visit(
            evaluation,
            starts_on=first_day,
            ends_on=first_day + timedelta(days=1),
            mode=Visit.Mode.ON_SITE,
            lead=lead,
            members=[colleague],
            by=mce,
        )
    _walk(evaluation, "accept", mce)
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    move(evaluation.visit, "begin", by=lead)
    texts = evaluation.round.edition.texts("en")
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    seen = to_be_seen(evaluation)
    if line.reaches is Evaluation.State.STUDY_VISIT:
        seen = seen[: len(seen) // 3]
    for indicator in seen:
        answer = answers[indicator.code]
        sterner = dice.random() < 0.18
        if indicator.measure is Measure.SCALE:
            level = max(0, (answer.level or 0) - sterner)
            words = f"{texts[f'indicator/{indicator.code}/level/{level}']}."
            said = Said(level=level, words=words, good_practice=level == 3 and dice.random() < 0.12)
        elif indicator.measure is Measure.YES_NO:
            said = Said(level=answer.level, words="Seen on the visit.")
        else:
            said = Said(value=answer.value, words="Counted again on the visit: the same.")
        keep_finding(evaluation, indicator.code, said, version=0, by=lead)


def _sign_off(evaluation: Evaluation, lead: User) -> None:
    sign_off(Visit.objects.get(evaluation=evaluation), by=lead)


def _judge(evaluation: Evaluation, mce: User, coordinator: User) -> None:
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    judging.judge(evaluation, by=mce, tell=lambda step: tell_of_step(step.move, evaluation, by=mce))
    plan_days(evaluation, coordinator)


_SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""One empty page: a document of the demonstration."""
