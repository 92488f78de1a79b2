"""How many cases are tried: PARCOURS_DIFFERENTIAL says so, PARCOURS_DIFFERENTIAL_FROM from which pack on. A case is a
project with a population; PARCOURS_DIFFERENTIAL_POPULATIONS says how many populations each project has. Many cases are
quickest with some fifty; with one, contacts share limits of other attributes than their household too."""

import os

from differential.shop import LANES

CASES = int(os.environ.get("PARCOURS_DIFFERENTIAL", "2000"))
POPULATIONS = int(os.environ.get("PARCOURS_DIFFERENTIAL_POPULATIONS", "17"))
FIRST = int(os.environ.get("PARCOURS_DIFFERENTIAL_FROM", "0"))
PACKS = range(FIRST, FIRST - -CASES // (LANES * POPULATIONS))
