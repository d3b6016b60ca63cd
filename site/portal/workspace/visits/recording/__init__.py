"""The findings of a visit: recorded apart by each assessor, on a device or a page, then compared and agreed on."""
