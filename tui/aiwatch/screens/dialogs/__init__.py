"""The dialogs of the dashboard: one a module, all of one base."""
