"""The same in a private bucket. Apart, because the library takes long to load."""

from storages.backends.s3 import S3Storage

from portal.cms.storage import ServedByView


class CmsBucket(ServedByView, S3Storage):
    """In a bucket that answers to nobody but us."""
