"""Links in the CMS: where they are named, and whether they lead somewhere."""
