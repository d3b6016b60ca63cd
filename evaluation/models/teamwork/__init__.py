"""The teamwork of a hotline's users on an evaluation: assignments of indicators, discussions and last visits."""
