"""What a browser sends in a field, as text that both databases can keep."""

from django.http import QueryDict


def read_words(sent: QueryDict, name: str) -> str:
    """What was typed into a field, without the one character that PostgreSQL refuses."""
    return sent.get(name, "").replace("\x00", "")
