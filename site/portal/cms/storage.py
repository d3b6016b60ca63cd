"""The private storage of the CMS's files. Their addresses are those of the view that checks rights."""

from django.urls import reverse

from portal.operations.storage import DurableFileSystemStorage


class ServedByView:
    """A storage whose files are served by a view and have no address of their own."""

    def url(self, name: str | None) -> str:
        return reverse("cms_picture", args=[name])


class CmsFolder(ServedByView, DurableFileSystemStorage):
    """A folder that the web server does not serve."""
