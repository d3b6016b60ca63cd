"""Rounds: planning, opening and correcting them, and renewal of an accreditation."""
