"""The interface through which a hotline's case system sends figures."""
