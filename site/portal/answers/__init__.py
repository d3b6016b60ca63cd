"""The self-assessment, the response to the draft, and the assessors' replies."""
