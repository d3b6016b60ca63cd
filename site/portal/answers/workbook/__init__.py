"""The workbook of the self-assessment: upload, comparison and confirmation."""
