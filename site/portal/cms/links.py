"""Wagtail's dialog for a link to another site, with an error for a form without an address or with one of no page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.choosers import ExternalLinkChooserForm, URLOrAbsolutePathField
from wagtail.admin.views.chooser import ExternalLinkView

from evaluation.files.kinds import is_harmless_link


class AddressField(URLOrAbsolutePathField):
    def to_python(self, value: str | None) -> Any:
        return super().to_python(value or "")

    def validate(self, value: Any) -> None:
        """Refuse what Wagtail allows and a saved text would lose, such as an address of FTP."""
        super().validate(value)
        if not is_harmless_link(value):
            raise ValidationError(_("A link leads to a web page. Begin its address with https:// or http://."))


class LinkForm(ExternalLinkChooserForm):
    url = AddressField(label=ExternalLinkChooserForm.base_fields["url"].label)


class LinkView(ExternalLinkView):
    form_class = LinkForm


choose_external_link = never_cache(require_admin_access(LinkView.as_view()))
