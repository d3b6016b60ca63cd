"""Form widgets of an indicator in place of typed codes: its condition of being asked, and the support it needs."""
