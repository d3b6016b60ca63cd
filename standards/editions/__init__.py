"""Editions: read from files and pages, written to files, released, translated."""
