"""Wagtail's dialog for a link to another site, with a validation error for a form without an address."""

from typing import Any

from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.choosers import ExternalLinkChooserForm, URLOrAbsolutePathField
from wagtail.admin.views.chooser import ExternalLinkView


class AddressField(URLOrAbsolutePathField):
    def to_python(self, value: str | None) -> Any:
        return super().to_python(value or "")


class LinkForm(ExternalLinkChooserForm):
    url = AddressField(label=ExternalLinkChooserForm.base_fields["url"].label)


class LinkView(ExternalLinkView):
    form_class = LinkForm


choose_external_link = never_cache(require_admin_access(LinkView.as_view()))
