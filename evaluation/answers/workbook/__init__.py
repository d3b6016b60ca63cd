"""The self-assessment as a workbook: written, filled in offline, read, compared and confirmed."""
