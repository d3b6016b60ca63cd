"""The API through which a hotline's case system sends figures."""
