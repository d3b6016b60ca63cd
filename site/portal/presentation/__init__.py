"""Presentation shared by pages and workspace: numbers, moments, tables, indicators. No views."""
