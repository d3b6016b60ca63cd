"""How the workspace writes numbers."""

from decimal import Decimal

from django import template

from portal.workspace.indicators import plain_number as as_plain_number

register = template.Library()


@register.filter
def plain_number(value: Decimal | None) -> str:
    """A number without needless zeros, as the reader's language writes it."""
    return "" if value is None else as_plain_number(value)
