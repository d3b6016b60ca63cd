"""The website: public pages, the workspace, settings."""
