"""Where people meet the system: public pages, the workspace, settings."""
