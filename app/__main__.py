"""`python -m app` is the same as `lightwell`."""

import sys

from app.main import main

sys.exit(main())
