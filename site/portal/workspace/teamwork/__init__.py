"""The work of a hotline's people on one self-assessment: who has what, discussions, who is on a page."""
