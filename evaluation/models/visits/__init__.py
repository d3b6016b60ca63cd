"""The study visit: its states, agenda, assessors, desk review, observations and sheets."""
