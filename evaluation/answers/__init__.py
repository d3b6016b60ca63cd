"""The self-assessment: answers with their evidence, its last day, and its submission with its figures."""
