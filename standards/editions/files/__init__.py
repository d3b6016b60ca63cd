"""The files of an edition: a folder of TOML files, one JSON document, or one XLSX workbook.

All three have the entries that `standards.editions.entries` declares. `content` converts an edition's text to them, and
`reading` reads them back.
"""

from standards.editions.files.reading import EditionReading, read_edition, read_files, read_uploaded_file

__all__ = ["EditionReading", "read_edition", "read_files", "read_uploaded_file"]
