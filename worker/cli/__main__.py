"""`python -m worker.cli` is `vestitel`."""

from worker.cli.main import main

main()
