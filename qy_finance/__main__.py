"""``python -m qy_finance`` is ``qy-finance``."""

import sys

from qy_finance.cli import main

if __name__ == "__main__":
    sys.exit(main())
