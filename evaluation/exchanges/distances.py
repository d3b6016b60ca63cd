"""The distance between two hotlines: the great-circle distance between the capitals of their countries. Pure."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371

Place = tuple[float, float]
"""Latitude and longitude in degrees."""

CAPITALS: dict[str, Place] = {
    "AL": (41.33, 19.82), "AT": (48.21, 16.37), "BE": (50.85, 4.35), "BG": (42.70, 23.32), "CH": (46.95, 7.45),
    "CY": (35.17, 33.36), "CZ": (50.08, 14.44), "DE": (52.52, 13.40), "DK": (55.68, 12.57), "EE": (59.44, 24.75),
    "ES": (40.42, -3.70), "FI": (60.17, 24.94), "FR": (48.86, 2.35), "GB": (51.51, -0.13), "GR": (37.98, 23.73),
    "HR": (45.81, 15.98), "HU": (47.50, 19.04), "IE": (53.35, -6.26), "IT": (41.90, 12.50), "LT": (54.69, 25.28),
    "LU": (49.61, 6.13), "LV": (56.95, 24.11), "MT": (35.90, 14.51), "NL": (52.37, 4.90), "PL": (52.23, 21.01),
    "PT": (38.72, -9.14), "RO": (44.43, 26.10), "RS": (44.82, 20.46), "SE": (59.33, 18.07), "SI": (46.06, 14.51),
    "SK": (48.15, 17.11), "UA": (50.45, 30.52),
}  # fmt: skip
"""The places of capitals, by country code."""


def kilometres(one: Place, other: Place) -> int:
    """Return the great-circle distance between two places, rounded to whole kilometres."""
    (lat1, lon1), (lat2, lon2) = ((radians(place[0]), radians(place[1])) for place in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(half))))
