"""The import of a file: it is received, read, previewed (dry run), confirmed and accepted."""
