"""The invented hotlines: their quality, and how far their evaluations progress in each round."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from evaluation.models import Evaluation, Operator
from evaluation.models.evaluation import EvaluationState

State, Kind = Evaluation.State, Operator.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """An invented hotline in one round: its quality (0 to 1), the progress of its evaluation, its people.

    `visited` is how many days ago its visit began; in an earlier round, how many days after the round had opened.
    """

    country: str
    name: str
    operator: str
    quality: float
    reaches: EvaluationState
    coordinator: str
    contributor: str
    visited: int = 0
    outcome: str = ""
    """The outcome that its answers and findings must lead to."""
    voted: str = ""
    """The outcome that the panel votes for, if it is not the proposed one."""
    answered: float = 1.0
    kind: Operator.Kind = Kind.SPECIALISED_NGO
    since: int = 2012


LINES = (
    # Not submitted yet, all of them late; one was sent back, one is excused.
    Line("XA", "Aldermark", "Aldermark Child Line", 0.70, State.SELF_ASSESSMENT, "Ilze Kalniņa", "Sofía Núñez Íñigo", answered=0.74),
    Line("XE", "Ennisland", "Ennis Helpline", 0.55, State.SELF_ASSESSMENT, "Gediminas Petrauskas", "Oona Virtanen", answered=0.41, kind=Kind.CHILD_HELPLINE, since=2016),
    Line("XJ", "Jorvia", "Jorvia Family Council", 0.48, State.SELF_ASSESSMENT, "Liv Bakke", "Emil Radu", answered=0.12, since=2019),
    Line("QM", "Quillmar", "Quillmar Missing Line", 0.62, State.SELF_ASSESSMENT, "Clémence Aubry", "Stanisław Wrona", visited=-20, since=2014),
    Line("XG", "Grenmark", "Grenmark Rescue Association", 0.60, State.EXCUSED, "Hanne Vestergaard", "Ivo Marinov", answered=0.05, since=2010),
    # Submitted.
    Line("XB", "Belmora", "Belmora Child Protection", 0.66, State.DESK_REVIEW, "Teodora Ilieva", "Yann Le Goff", visited=-27, kind=Kind.PUBLIC_AUTHORITY),
    Line("XH", "Havenland", "Beacon Foundation", 0.82, State.DESK_REVIEW, "Marek Dvořák", "Anneli Saar", visited=-33, since=2011),
    Line("QN", "Quentara", "Quentara Consortium 116", 0.73, State.DESK_REVIEW, "Rosalía Vázquez", "Botond Fekete", visited=-36, kind=Kind.CONSORTIUM, since=2013),
    # A future visit and two that are under way.
    Line("XO", "Ostermark", "Ostermark Youth Trust", 0.58, State.STUDY_VISIT, "Katrin Mölder", "Davide Serra", visited=-11, since=2018),
    Line("XI", "Ingelmark", "Ingelmark Helpline Trust", 0.86, State.STUDY_VISIT, "Jürgen Großmann", "Maëlle Kerbrat", visited=3, kind=Kind.CHILD_HELPLINE),
    Line("XS", "Solvenna", "Solvenna Safe Home", 0.77, State.STUDY_VISIT, "Mirjam Kovač", "Paweł Zając", visited=5, since=2015),
    # Signed off, and responding to the draft: one of them too late.
    Line("XD", "Dunmere", "Dunmere Children's Trust", 0.90, State.REPORT, "Aoife Ní Cheallaigh", "Lorenz Huber", visited=14, since=2009),
    Line("XT", "Tarnovia", "Tarnovia Social Service", 0.50, State.REPORT, "Vasil Todorov", "Greta Lindqvist", visited=10, kind=Kind.PUBLIC_AUTHORITY, since=2017),
    Line("XR", "Rosmark", "Rosmark Family Line", 0.80, State.RESPONSE, "Åsa Lindström", "Miklós Bartha", visited=22, outcome="conditional", since=2012),
    Line("XQ", "Quarnia", "Quarnia Hope", 0.42, State.RESPONSE, "Simona Gallo", "Arvid Nyström", visited=36, since=2020),
    # Before the panel, and decided.
    Line("XN", "Navaria", "Lantern of Navaria", 0.78, State.DECISION, "Zsófia Kertész", "Joonas Mägi", visited=62, outcome="conditional"),
    Line("XF", "Fenmark", "Fenmark Open Line", 0.88, State.DECISION, "Birgit Sørensen", "Óscar Peña", visited=46, outcome="accredited", since=2010),
    Line("XC", "Corvania", "Corvania Safe Return", 0.95, State.DECIDED, "Agnieszka Żak", "Rui Tavares", visited=72, outcome="accredited", voted="conditional", since=2008),
    Line("XK", "Karstova", "Karstova Children First", 0.74, State.DECIDED, "Petra Šťastná", "Niamh Doyle", visited=68, outcome="conditional", voted="deferred", since=2014),
    Line("XW", "Wendia", "Wendia Helping Hand", 0.36, State.DECIDED, "Tihana Babić", "Ragnar Holm", visited=86, outcome="not_accredited", since=2021),
    # Published.
    Line("XY", "Ystria", "Ystria Youth Line", 0.74, State.PUBLISHED, "Noémie Girard", "Kaspar Ozols", visited=112, outcome="conditional", kind=Kind.CHILD_HELPLINE, since=2013),
    Line("XV", "Velland", "Velland Association for Children", 0.91, State.PUBLISHED, "Elif Demir", "Mads Kjær", visited=119, outcome="accredited", since=2009),
    Line("QO", "Orvenna", "Orvenna Mission", 0.30, State.PUBLISHED, "Bálint Szőke", "Livia Conti", visited=126, outcome="not_accredited", since=2019),
    Line("XZ", "Zagoria", "Zagoria Missing Children Centre", 0.96, State.PUBLISHED, "Ana Horvat", "Þórdís Einarsdóttir", visited=130, outcome="accredited", since=2008),
)  # fmt: skip
"""This round, in the order of progress."""

_ONLY_EARLIER = (
    Line("XP", "Pelagia", "Pelagia Coast Line", 0.93, State.PUBLISHED, "Nádia Estêvão", "Frane Perić", visited=97, outcome="accredited", since=2009),
    Line("XL", "Lorenia", "Lorenia Child Alert", 0.92, State.PUBLISHED, "Élise Moreau", "Tuomas Laine", visited=180, outcome="accredited", since=2011),
    Line("XM", "Marenholm", "Marenholm Trust", 0.92, State.PUBLISHED, "Søren Dahl", "Ivana Bošković", visited=110, outcome="accredited", since=2013),
    Line("XU", "Ulmark", "Ulmark Missing Line", 0.89, State.PUBLISHED, "Þóra Jónsdóttir", "Pier Fabbri", visited=160, outcome="accredited", since=2010),
)  # fmt: skip


def _then(country: str, quality: float, visited: int, outcome: str) -> Line:
    """Return a hotline of this round with its data of an earlier one."""
    line = next(line for line in LINES if line.country == country)
    return replace(
        line,
        quality=quality,
        visited=visited,
        outcome=outcome,
        voted="",
        reaches=State.PUBLISHED,
        answered=1.0,
    )


EARLIER = (
    (41, (_ONLY_EARLIER[0], _ONLY_EARLIER[1], _then("XZ", 0.90, 140, "accredited"), _then("XC", 0.88, 160, "accredited"), _then("XA", 0.86, 120, "accredited"))),
    (22, (_ONLY_EARLIER[2], _ONLY_EARLIER[3], _then("XY", 0.66, 125, "conditional"), _then("XH", 0.72, 150, "conditional"))),
)  # fmt: skip
"""Earlier rounds: how many months ago each opened, and its hotlines."""


def chosen_lines(only: Collection[str] | None) -> tuple[Line, ...]:
    return tuple(line for line in LINES if only is None or line.country in only)
