"""Public pages: home, register, a hotline, the Guide."""
