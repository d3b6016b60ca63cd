"""The columns of a hotline's own export: matched, shown, remembered."""
