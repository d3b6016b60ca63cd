"""The position of each hotline on the tile map: nine columns and eight rows, roughly by geography."""

from evaluation.exchanges.distances import CAPITALS, Place
from evaluation.models import Hotline

COLUMNS = 9

REAL: dict[str, tuple[int, int]] = {
    "SE": (5, 1), "FI": (7, 1),
    "DK": (5, 2), "EE": (7, 2),
    "IE": (1, 3), "GB": (2, 3), "NL": (4, 3), "LV": (7, 3),
    "BE": (4, 4), "DE": (5, 4), "PL": (6, 4), "LT": (7, 4),
    "FR": (3, 5), "LU": (4, 5), "CZ": (5, 5), "SK": (6, 5), "UA": (8, 5),
    "PT": (1, 6), "ES": (2, 6), "CH": (4, 6), "AT": (5, 6), "HU": (6, 6), "RO": (7, 6),
    "IT": (4, 7), "SI": (5, 7), "HR": (6, 7), "RS": (7, 7), "BG": (8, 7),
    "MT": (4, 8), "AL": (6, 8), "GR": (7, 8), "CY": (9, 8),
}  # fmt: skip

INVENTED: dict[str, tuple[int, int]] = {
    "XA": (6, 1), "XB": (7, 1),
    "XF": (5, 2), "XC": (8, 2),
    "XD": (1, 3), "XE": (2, 3), "XH": (4, 3), "XI": (5, 3), "XJ": (7, 3), "XG": (8, 3), "XK": (9, 3),
    "XL": (3, 4), "XM": (4, 4), "XN": (5, 4), "XO": (7, 4), "XP": (9, 4),
    "XQ": (3, 5), "XR": (4, 5), "XS": (5, 5), "XT": (7, 5), "XU": (8, 5),
    "XV": (1, 6), "XW": (2, 6), "XX": (4, 6), "XY": (5, 6), "XZ": (6, 6), "QM": (7, 6), "QN": (8, 6),
    "QO": (7, 7), "QP": (8, 7),
    "QQ": (4, 8), "QR": (9, 8), "QS": (6, 8), "QT": (5, 8), "QU": (1, 8), "QV": (2, 8), "QW": (1, 1), "QX": (2, 1),
    "QY": (3, 1), "QZ": (4, 1),
}  # fmt: skip


def place(country: str) -> tuple[int, int] | None:
    """Return column and row of a country; None for a country without a tile."""
    return REAL.get(country) or INVENTED.get(country)


def place_of(hotline: Hotline) -> Place | None:
    """Return the position of a hotline: its capital, or for an invented one a position computed from its tile."""
    if hotline.country in CAPITALS:
        return CAPITALS[hotline.country]
    tile = INVENTED.get(hotline.country)
    return (68.0 - 4 * tile[1], 5.0 * tile[0] - 15) if tile else None
