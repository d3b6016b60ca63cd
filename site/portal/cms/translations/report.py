"""The report of translations of wagtail-localize, in an order: without one, its pages could show a row twice."""

from django.db.models import QuerySet
from wagtail_localize.models import Translation
from wagtail_localize.views.report import TranslationsReportView


class TranslationsReport(TranslationsReportView):
    def get_queryset(self) -> QuerySet[Translation]:
        found = (
            super().get_queryset().select_related("source__specific_content_type", "source__locale", "target_locale")
        )
        ordered: QuerySet[Translation] = found.order_by("source__object_repr", "target_locale__language_code", "pk")
        return ordered
