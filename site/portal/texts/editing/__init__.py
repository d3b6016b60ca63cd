"""The editable texts in the CMS: the list of all, the page of one, and files for translators."""
