"""Verifies a printed report, and whether its result is still valid, by the number in the footer of its pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.numbering import printed_number, read_number
from reports.verification import find_issue_status


@require_safe
def verify(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show the status of a report without signing in: its number is known only to those who have it."""
    text = (number or request.GET.get("number", "")).strip()
    digits = read_number(text)
    checked = find_issue_status(digits) if digits else None
    context = {
        "typed": text,
        "is_no_number": bool(text) and not digits,
        "is_unknown": bool(digits) and checked is None,
        "checked": checked,
        "number": printed_number(checked.issue.document_sha256) if checked else "",
    }
    status = 422 if context["is_no_number"] else 404 if context["is_unknown"] else 200
    return render(request, "public/verify.html", context, status=status)
