"""`python -m rag.cli` is `pincite`."""

import sys

from rag.cli import main

sys.exit(main())
