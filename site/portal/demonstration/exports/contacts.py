"""Invented contacts, a block of rows at a time."""

import numpy as np

from evaluation.figures.dictionary.items import code_lists
from portal.demonstration.exports.columns import BOOLEANS, NUMBERS, choose, keys, pick
from portal.demonstration.exports.totals import CATEGORIES, OTHER_CHANNELS, ROLES, SPOKEN

TYPES = (0.12, 0.1, 0.06, 0.04, 0.22, 0.03, 0.2, 0.05, 0.1, 0.08)
"""In the order of the list `contact_type`."""
RELEVANT = 8


def invent_contacts(dice: np.random.Generator, month: str, count: int, quality: float) -> dict[str, list[str]]:
    """Return the contacts of a month as columns of text."""
    lists = code_lists()
    channels = np.array([1.0, *OTHER_CHANNELS.values()])
    channel = choose(dice, channels, count)
    direction = choose(dice, (0.86, 0.06, 0.08), count)
    missed = (1 - quality) * 0.4
    result = choose(dice, (0.93 - missed, 0.04, missed * 0.6, 0.01 + missed * 0.2, 0.01 + missed * 0.2, 0.01), count)
    result[(channel > 0) & (dice.random(count) < 0.7)] = 0
    result[direction == 2] = 0
    answered = result == 0
    kind = choose(dice, TYPES, count)
    relevant, reported = answered & (kind < RELEVANT), answered & (kind == 0)
    wait = np.minimum(dice.exponential(12 + 60 * (1 - quality), count).astype(np.int16), 3600)
    duration = choose(dice, (0.1, 0.35, 0.3, 0.15, 0.07, 0.03), count)
    spoken = choose(dice, (0.5, 0.2, 0.1, 0.1, 0.05, 0.05), count)
    role = choose(dice, ROLES, count)
    role[~answered] = len(ROLES) - 1
    passed = choose(dice, (0.2 + 0.55 * quality, 0.3 - 0.25 * quality, 0.2, 0.1, 0.06), count)
    return {
        "contact_key": keys(dice, count),
        "contact_month": [month] * count,
        "weekday_type": pick(lists["weekday_type"], choose(dice, (0.7, 0.27, 0.03), count)),
        "time_band": pick(lists["time_band"], choose(dice, (0.1, 0.3, 0.35, 0.25), count)),
        "channel": pick(lists["channel"], channel),
        "direction": pick(lists["direction"], direction),
        "result": pick(lists["contact_result"], result),
        "wait_seconds": pick(NUMBERS, wait),
        "duration_band": pick(lists["contact_duration_band"], duration, answered),
        "language": pick(SPOKEN, spoken, answered),
        "interpreter_used": pick(BOOLEANS, (dice.random(count) < 0.03).astype(np.int8), answered),
        "contact_role": pick(lists["contact_role"], role),
        "contact_type": pick(lists["contact_type"], kind, answered),
        "category": pick(lists["category"], choose(dice, tuple(CATEGORIES.values()), count), relevant),
        "risk_level": pick(lists["risk_level"], choose(dice, (0.1, 0.3, 0.4, 0.15, 0.05), count), reported),
        "passed_to_police": pick(lists["passed_to_police"], passed, reported),
        "cross_border": pick(BOOLEANS, (dice.random(count) < 0.15).astype(np.int8), relevant),
        "linked_to_case": pick(lists["linked_to_case"], np.where(relevant, choose(dice, (0.2, 0.5, 0.3), count), 2)),
    }
