"""The workbook of the self-assessment: its upload, what it would change, and its confirmation."""
