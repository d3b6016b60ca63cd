"""Where the CMS keeps its files: in the private storage. Their addresses are those of the view that checks rights."""

from django.urls import reverse

from portal.operations.storage import DurableFileSystemStorage


class ServedByView:
    """A storage whose files have an address of ours and none of their own."""

    def url(self, name: str | None) -> str:
        return reverse("cms_picture", args=[name])


class CmsFolder(ServedByView, DurableFileSystemStorage):
    """In a folder that no web server knows."""
