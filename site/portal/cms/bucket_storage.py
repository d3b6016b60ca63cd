"""CMS files in a private bucket. A separate module, because the library is slow to import."""

from storages.backends.s3 import S3Storage

from portal.cms.storage import ServedByView


class CmsBucket(ServedByView, S3Storage):
    """A private bucket."""
