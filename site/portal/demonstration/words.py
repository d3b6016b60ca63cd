"""The texts of invented people: templates, filled with facts of the hotline.

There is a file for each domain in `fixtures/demonstration/words`, with a table for each indicator and in it sentences
for each level, for “not applicable”, and for what assessors saw (`seen`) or missed (`gap`). In a sentence `{a|b}` is
one of several words, `{3..9}` a number, `{2021..2024}` a year as seen from `WRITTEN_IN`, and `{city}` a fact of the
hotline (see `Facts`). A text that another hotline already has is continued with a sentence of `further.toml`.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from random import Random

from django.utils import timezone

from portal.demonstration.hotlines import Line

BANK = Path("fixtures/demonstration/words")
FURTHER = Path("fixtures/demonstration/further.toml")
WRITTEN_IN = 2026
"""The year from which the years of the sentences are counted: somebody who speaks in 2023 names earlier ones."""
ATTEMPTS = 12
_YEARS = 1990, 2040
_SLOT = re.compile(r"\{([^{}]*)\}")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STEMS = [
    "Alder",
    "Brann",
    "Cald",
    "Dorn",
    "Elm",
    "Farn",
    "Gald",
    "Holm",
    "Ister",
    "Jarn",
    "Kell",
    "Lind",
    "Morn",
    "Nessel",
    "Ostra",
    "Pern",
    "Quell",
    "Rovan",
    "Stern",
    "Tarn",
    "Ulver",
    "Vaal",
    "Wester",
    "Ybber",
    "Zell",
    "Ambro",
    "Birken",
    "Corv",
    "Dravo",
    "Eder",
    "Falken",
    "Grim",
    "Hasel",
    "Immen",
    "Juniper",
    "Karst",
    "Lauen",
    "Melk",
    "Norden",
    "Olm",
    "Petro",
    "Rausen",
    "Silber",
    "Torven",
    "Ursen",
    "Velm",
    "Wolden",
    "Yarrow",
    "Zinnen",
    "Arden",
    "Bergen",
    "Costa",
    "Delm",
    "Ersk",
    "Fiord",
    "Gorn",
]
ENDINGS = ("stad", "haven", "grad", "brück", "mouth", "vík", "holt", "ovo", "ona", "bury", "feld", "ica")
HOUSES = ("Lighthouse", "Open Door", "Swallow", "Harbour", "Compass", "Juniper", "Heron", "Lantern", "Bridge", "Meadow")
FORMS = ("Foundation", "Association", "Trust", "Union")
EXPERTS = (
    *("Dr Halvorsen", "Ms Adeyemi", "Dr Castellani", "Mr Dragomir", "Ms Fontaine", "Dr Grünwald", "Ms Hakobyan"),
    *("Mr Ibsen", "Dr Jovanović", "Ms Kallio", "Dr Lemaire", "Ms Mazur", "Mr Nagy", "Dr Oyelaran", "Ms Pálsdóttir"),
    *("Dr Quist", "Ms Rosenthal", "Mr Sabatini", "Dr Tuominen", "Ms Urbonaitė", "Mr Varga", "Dr Wouters", "Ms Öztürk"),
    *("Dr Zieliński", "Ms Bjarnadóttir", "Dr Cosgrave", "Mr Duarte", "Ms Eliassen", "Dr Ferrari"),
)
POLICE = ("the national police", "the federal police", "the state police", "the criminal police")
REGULATORS = (
    *("the Telecoms Authority", "the Agency for Electronic Communications", "the Office for Post and Telecoms"),
    *("the Communications Council", "the Radio and Telecoms Board"),
)
MINISTRIES = (
    *("the Ministry of Justice", "the Ministry of Family Affairs", "the Ministry of Social Affairs"),
    *("the Ministry of the Interior", "the Ministry of Health"),
)
SPOKEN = ("Russian", "Turkish", "German", "French", "Hungarian", "Romani", "Swedish", "Italian", "Romanian", "Polish")
RARE = ("Arabic", "Ukrainian", "Dari", "Tigrinya", "Somali", "Pashto", "Kurmanji", "Albanian", "Vietnamese", "Urdu")


@dataclass(frozen=True, slots=True)
class Facts:
    """The constant facts of a hotline: places, partners, languages and colleagues."""

    org: str
    coord: str
    deputy: str
    expert: str
    city: str
    city2: str
    region: str
    police: str
    regulator: str
    telecom: str
    ministry: str
    ngo: str
    uni: str
    lang: str
    lang2: str
    lang3: str
    near: str


def _language_of(name: str) -> str:
    if name.endswith(("ia", "a")):
        return f"{name}n"
    return f"{name.removesuffix('land').removesuffix('mark')}ish"


@cache
def facts_of(line: Line, place: int, near: str) -> Facts:
    """Return the facts of a hotline by its index, so that no two share their cities."""
    dice = Random(f"facts {line.country}")  # noqa: S311 - invented
    first, second = STEMS[2 * place % len(STEMS)], STEMS[(2 * place + 1) % len(STEMS)]
    city, city2 = (stem + dice.choice(ENDINGS) for stem in (first, second))
    return Facts(
        org=line.operator,
        coord=line.coordinator,
        deputy=line.contributor,
        expert=EXPERTS[place % len(EXPERTS)],
        city=city,
        city2=city2,
        region=f"the {dice.choice(('north', 'south', 'east', 'west'))} of the country",
        police=dice.choice(POLICE),
        regulator=dice.choice(REGULATORS),
        telecom=f"{second} Telecom",
        ministry=dice.choice(MINISTRIES),
        ngo=f"the {HOUSES[place % len(HOUSES)]} {dice.choice(FORMS)}",
        uni=f"the University of {city}",
        lang=_language_of(line.name),
        lang2=dice.choice(SPOKEN),
        lang3=dice.choice(RARE),
        near=near,
    )


@cache
def bank() -> dict[str, dict[str, list[str]]]:
    """Return the sentences, by indicator and kind."""
    sentences: dict[str, dict[str, list[str]]] = {}
    for path in sorted(BANK.glob("*.toml")):
        sentences |= tomllib.loads(path.read_text(encoding="utf-8"))
    return sentences


@cache
def further() -> dict[str, list[str]]:
    """Return the sentences that may follow, by kind."""
    return tomllib.loads(FURTHER.read_text(encoding="utf-8"))


class Words:
    """Chooses texts: none twice in one network, and no sentence twice about a hotline; the least used ones first."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()
        self.used_texts: set[str] = set()
        self.sentences: dict[str, set[str]] = defaultdict(set)
        """The sentences about each hotline, by its city."""

    def find_text(self, code: str, kind: str, facts: Facts, dice: Random) -> str:
        """Return a sentence about an indicator; empty if there is none of that kind."""
        templates = bank().get(code, {}).get(kind, [])
        return self.fill(templates, facts, dice, further()[kind])

    def fill(
        self, templates: list[str], facts: Facts, dice: Random, further: Sequence[str] = (), /, **more: str
    ) -> str:
        """Return one of the sentences, filled. If this text was used before, one of `further` is appended."""
        if not templates:
            return ""
        words = self._fill_one(templates, facts, dice, more)
        if further and not self._is_new(words, facts):
            words = self._fill_one(further, facts, dice, more, begun=f"{words} ")
        words = self._without_repetition(words, facts) or words
        self.used_texts.add(words)
        self.sentences[facts.city].update(_sentences(words))
        return words

    def _is_new(self, words: str, facts: Facts) -> bool:
        """Whether no text in the network is this one, and at least one of its sentences is new about this hotline."""
        return words not in self.used_texts and bool(self._without_repetition(words, facts))

    def _without_repetition(self, words: str, facts: Facts) -> str:
        """Return a text without the sentences that were used about this hotline; empty if nothing new is left."""
        left = " ".join(one for one in _sentences(words) if one not in self.sentences[facts.city])
        return "" if left in self.used_texts else left

    def _fill_one(
        self, templates: Sequence[str], facts: Facts, dice: Random, more: dict[str, str], *, begun: str = ""
    ) -> str:
        """Return the first new text of the templates, least used first. Each is filled several times to find one.

        `begun` is the text that it continues.
        """
        words = ""
        for template in sorted(templates, key=lambda found: (self.used[found], dice.random())):
            for _attempt in range(ATTEMPTS if "{" in template else 1):
                words = f"{begun}{fill(template, facts, dice, **more)}"
                if self._is_new(words, facts):
                    break
            self.used[template] += 1
            if self._is_new(words, facts):
                break
        return words


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) ", text)


def fill(template: str, facts: Facts, dice: Random, **more: str) -> str:
    """Fill the slots of the template, from the innermost to the outermost."""
    known: dict[str, str] = asdict(facts) | more

    def choose(slot: re.Match[str]) -> str:
        name: str = slot[1]
        if name in known:
            return known[name]
        if name in ("month", "day"):
            return dice.choice(MONTHS if name == "month" else DAYS)
        if re.fullmatch(r"\d+\.\.\d+", name):
            first, last = map(int, name.split(".."))
            number = dice.randint(first, last)
            is_year = _YEARS[0] <= first and last <= _YEARS[1]
            return str(number + timezone.localdate().year - WRITTEN_IN if is_year else number)
        return dice.choice(name.split("|"))

    while _SLOT.search(template):
        template = _SLOT.sub(choose, template)
    return _capitals(template)


def _capitals(text: str) -> str:
    """Capitalise each sentence, whatever its first slot was filled with."""
    return re.sub(r"(?:^|(?<=[.!?] ))[a-zà-ž]", lambda letter: letter[0].upper(), text)
