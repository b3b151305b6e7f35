"""`python -m tools.cli`: the same as the `parity` script."""

from tools.cli.main import main

if __name__ == "__main__":
    main()
