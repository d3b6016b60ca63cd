"""The teamwork of a hotline's users: assignments, discussions, changes by others, and presence on a page."""
