"""Publishes an outcome as on its page: choose the extent, read the preview, confirm it."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation


def confirmed(client: Client, evaluation: Evaluation, extent: str = "outcome") -> dict[str, Any]:
    """Return what the form of the preview sends, with its tick and a reason."""
    page = client.get(reverse("workspace:publish", args=[evaluation.uid]), {"extent": extent})
    preview = page.context["preview"]
    return {
        "extent": extent,
        "decision": str(preview.decision.uid),
        "issue": [str(issue.uid) for issue in preview.issues],
        "texts": preview.sha256,
        "before_appeal": "on",
        "note": "The hotline agreed.",
    }


def publish_on_page(client: Client, evaluation: Evaluation, extent: str = "outcome", **changed: Any) -> HttpResponse:
    """Publish to an extent, and follow to the next page. `changed` are fields that differ from the preview's."""
    sent = confirmed(client, evaluation, extent) | changed
    address = reverse("workspace:publish", args=[evaluation.uid])
    return client.post(address, {name: value for name, value in sent.items() if value is not None}, follow=True)
