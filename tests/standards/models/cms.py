"""The Guide's editors in tests: open a form, submit it, read its messages."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html


def edit_address(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def form_of(editor: Client, page: Any) -> dict[str, Any]:
    """The editor's form as a browser would send it back."""
    response = editor.get(edit_address(page))
    assert response.status_code == 200
    html = response.content.decode()
    ticked = set(re.findall(r'<input type="checkbox" name="([^"]+)"', html))
    found = querydict_from_html(html, form_id="page-edit-form").dict()
    return {name: "on" if name in ticked else value for name, value in found.items()}


def send(editor: Client, page: Any, form: dict[str, Any]) -> Any:
    return editor.post(edit_address(page), {**form, "action-publish": "1"})


def errors_of(response: Any) -> list[str]:
    form = response.context["form"]
    found = [error for errors in form.errors.values() for error in errors]
    for formset in form.formsets.values():
        found += [error for errors in formset.errors for texts in errors.values() for error in texts]
    return found


def told(response: Any, editor: Client) -> str:
    """What the CMS says on the page it leads to."""
    assert response.status_code == 302
    return re.sub(r"\s+", " ", editor.get(response.url, follow=True).content.decode())
