"""Run the command as ``python -m listed``."""

from listed.cli import main

main()
