"""What lies over the dashboard: one dialog a module, all of one base."""
