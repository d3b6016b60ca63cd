"""The hotline's response to the draft and the assessors' replies, beside what was found."""
