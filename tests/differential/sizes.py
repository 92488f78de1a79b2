"""How many cases are tried: PARCOURS_DIFFERENTIAL says so, PARCOURS_DIFFERENTIAL_FROM from which pack on."""

import os

from differential.shop import LANES

CASES = int(os.environ.get("PARCOURS_DIFFERENTIAL", "120"))
FIRST = int(os.environ.get("PARCOURS_DIFFERENTIAL_FROM", "0"))
PACKS = range(FIRST, FIRST - -CASES // LANES)
