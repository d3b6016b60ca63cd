"""The last day of a self-assessment: how fast it must go, when it is due, and more time for one hotline."""
