"""Invented cases. The months in which a case opens and closes are the same in every exported period."""

from typing import Any

import numpy as np

from evaluation.figures.dictionary.items import code_lists
from evaluation.figures.records.derived import FOUND
from portal.demonstration.exports.columns import BOOLEANS, NUMBERS, choose, keys, pick
from portal.demonstration.exports.totals import CATEGORIES, CROSS_BORDER

LONGEST = 20
"""The longest time that a case is open, in months."""

_OUTCOMES = (0.45, 0.25, 0.05, 0.005, 0.06, 0.03, 0.03, 0.03, 0.04)
_COUNTRIES = ("BE", "FR", "DE", "ES", "MA", "TR", "UA", "GB", "US", "ZZ")


def invent_children(dice: np.random.Generator, month: int, cases: int, quality: float) -> dict[str, Any]:
    """Return the new children of a month, as arrays of numbers. Later months only add later events."""
    lists = code_lists()
    categories = np.array(tuple(CATEGORIES.values()))
    abroad = np.array([CROSS_BORDER.get(category, 0.05) for category in CATEGORIES])
    case: dict[str, Any] = {
        "case": np.arange(cases),
        "category": choose(dice, categories, cases),
        "is_reopened": dice.random(cases) < 0.03,
        "stay": np.minimum(dice.geometric(0.45, cases) - 1, LONGEST),
        "at_risk": dice.random(cases) < 0.08,
        "manager": dice.random(cases) < 0.68 + 0.31 * quality,
        "earlier": dice.integers(2, 7, cases),
    }
    case["is_abroad"] = dice.random(cases) < abroad[case["category"]]
    children = choose(dice, (0.87, 0.1, 0.03), cases) + 1
    of_case = np.repeat(np.arange(cases), children)
    child = {name: numbers[of_case] for name, numbers in case.items()}
    count = len(of_case)
    starts = np.concatenate(([0], np.cumsum(children)[:-1])) if cases else np.zeros(0, dtype=int)
    child["child_seq"] = np.arange(count) - starts[of_case] + 1
    child["entered"] = np.full(count, month)
    for name, weights in {
        "sex": (0.5, 0.46, 0.01, 0.03),
        "age_band": (0.06, 0.08, 0.1, 0.16, 0.34, 0.22, 0.04),
        "missing_from": (0.5, 0.06, 0.18, 0.08, 0.04, 0.06, 0.01, 0.03, 0.02, 0.02),
        "region": (0.6, 0.1, 0.08, 0.05, 0.05, 0.04, 0.03, 0.01, 0.04),
        "repeat_band": (0.6, 0.2, 0.1, 0.1),
        "main_reason": [1.0] * len(lists["main_reason"]),
        "contact_role": [1.0] * len(lists["contact_role"]),
        "police_informed": (0.5, 0.3, 0.1, 0.05, 0.05),
        "risk_level": (0.1, 0.3, 0.4, 0.15, 0.05),
        "partner_hotline": (0.8, 0.1, 0.1),
        "hague_application": (0.3, 0.5, 0.1, 0.1),
        "unaccompanied": (0.6, 0.3, 0.1),
        "outcome": (*_OUTCOMES, 0.3 - 0.28 * quality),
        "found_how": (0.4, 0.25, 0.1, 0.05, 0.05, 0.05, 0.05, 0.03, 0.02),
        "duration_band": (0.3, 0.25, 0.15, 0.12, 0.08, 0.04, 0.04, 0.02),
        "aftercare_offered": (0.6, 0.2, 0.1, 0.1),
        "harm": [1.0] * len(lists["harm_type"]),
        "service": [1.0] * len(lists["services"]),
        "second_service": [1.0] * len(lists["services"]),
        "country": [1.0] * len(_COUNTRIES),
        "publicity": (0.9, 0.1),
        "child_alert": (0.98, 0.02),
    }.items():
        child[name] = choose(dice, weights, count)
    return child


def write_children(child: dict[str, Any], first: int, last: int, dice: np.random.Generator) -> dict[str, list[str]]:
    """Return columns of text for a period: the cases open in it, as known at its end."""
    lists = code_lists()
    closed_in = child["entered"] + child["stay"]
    here = closed_in >= first
    child = {name: numbers[here] for name, numbers in child.items()}
    closed_in, entered = closed_in[here], child["entered"]
    opened_in = np.where(child["is_reopened"], entered - child["earlier"], entered)
    closed = closed_in <= last
    entry = np.where(entered < first, 1, np.where(child["is_reopened"], 2, 0))
    is_missing = ~child["at_risk"]
    ended = closed & is_missing
    outcomes = lists["outcome"]
    found = ended & np.isin(child["outcome"], [outcomes.index(code) for code in FOUND])
    category = lists["category"]
    of = {code: child["category"] == category.index(code) for code in ("runaway", "parental_abduction", "migration")}
    _, of_case = np.unique(np.stack((entered, child["case"])), axis=1, return_inverse=True)
    case_keys = keys(dice, int(of_case.max(initial=-1)) + 1)
    months = [f"{number // 12}-{number % 12 + 1:02}" for number in range(last + LONGEST + 2)]
    services = [f"{one}|{other}" if one != other else one for one in lists["services"] for other in lists["services"]]

    def recorded(name: str, filled: Any = None, of_list: str = "") -> list[str]:
        return pick(lists[of_list or name], child[name], filled)

    return {
        "case_key": pick(case_keys, of_case.ravel()),
        "child_seq": pick(NUMBERS, child["child_seq"]),
        "opened_month": pick(months, opened_in),
        "closed_month": pick(months, np.minimum(closed_in, last), closed),
        "status_end": pick(lists["status_end"], closed.astype(int)),
        "new_in_period": pick(lists["new_in_period"], entry),
        "category": recorded("category"),
        "category_scope": pick(lists["category_scope"], child["is_abroad"].astype(int)),
        "at_risk_only": pick(BOOLEANS, child["at_risk"].astype(int)),
        "sex": recorded("sex"),
        "age_band": recorded("age_band"),
        "missing_from": recorded("missing_from"),
        "country_missing_from": pick(_COUNTRIES, child["country"], child["is_abroad"]),
        "country_found_or_suspected": pick(_COUNTRIES[::-1], child["country"], child["is_abroad"]),
        "region": recorded("region", child["is_abroad"]),
        "repeat_band": recorded("repeat_band"),
        "main_reason": recorded("main_reason", of["runaway"] & is_missing),
        "harm_type": pick(lists["harm_type"], child["harm"]),
        "first_reporter": recorded("contact_role"),
        "police_informed": recorded("police_informed"),
        "first_risk_level": recorded("risk_level"),
        "manager_assigned_24h": pick(BOOLEANS, child["manager"].astype(int)),
        "services": pick(services, child["service"] * len(lists["services"]) + child["second_service"]),
        "publicity": pick(BOOLEANS, child["publicity"]),
        "child_alert": pick(BOOLEANS, child["child_alert"]),
        "partner_hotline": recorded("partner_hotline"),
        "hague_application": recorded("hague_application", of["parental_abduction"] & is_missing),
        "unaccompanied": recorded("unaccompanied", of["migration"]),
        "outcome": recorded("outcome", ended),
        "found_how": recorded("found_how", found),
        "duration_band": recorded("duration_band", found),
        "aftercare_offered": recorded("aftercare_offered", ended),
    }
