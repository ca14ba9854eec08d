"""`python -m joinedup` is the `joinedup` command."""

from joinedup.cli.main import main

main(prog_name="joinedup")
