"""The `joinedup` command: starting, stopping, looking after and filling an installation."""
