"""Links in the CMS: where they are used, and whether their addresses answer."""
