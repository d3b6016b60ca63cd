"""The URL patterns of the translations of an edition, below its own."""

from typing import Any

from django.urls import path

from portal.cms.translations import languages, loading, reviewing
from portal.cms.translations.report import TranslationsReport


def list_addresses() -> list[Any]:
    """Return the patterns for Wagtail's administration. Files come first, as a language's pattern matches them."""
    return [
        path("guide/<int:page_id>/languages/", languages.languages, name="guide_languages"),
        path("guide/<int:page_id>/languages/publish/", languages.publish_file, name="guide_publish_file"),
        path("guide/<int:page_id>/languages/load/", loading.load_translation, name="guide_load_translation"),
        *(
            path(
                f"guide/<int:page_id>/languages/<str:language>.{ending}",
                languages.translation,
                {"ending": ending},
                name=f"guide_translation_{ending}",
            )
            for ending in languages.CONTENT_TYPES
        ),
        path("guide/<int:page_id>/languages/<str:language>/", reviewing.review_language, name="guide_language"),
        path(
            "guide/<int:page_id>/languages/<str:language>/demand/", languages.demand_review, name="guide_demand_review"
        ),
        path(
            "guide/<int:page_id>/languages/<str:language>/<path:where>/",
            reviewing.review_passages,
            name="guide_passages",
        ),
        # In place of those of wagtail-localize, whose names lead to the same addresses.
        path("localize/reports/translations/", TranslationsReport.as_view(), name="guide_translations"),
        path(
            "localize/reports/translations/results/",
            TranslationsReport.as_view(results_only=True),
            name="guide_translations_results",
        ),
    ]
