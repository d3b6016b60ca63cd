"""The XLSX workbook of an edition: its sheets, its cells, writing it and reading it back."""
