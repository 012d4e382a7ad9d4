"""How the amounts of a line agree, in the words of every output."""

from __future__ import annotations

from cmswp_xl.languages import N_

AGREEMENTS = {
    (False, False): N_("Cost {cost} = available {available} + to be sought {sought}"),
    (True, False): N_(
        "Cost {cost} = available {available} − surplus {surplus} + to be sought {sought}"
    ),
    (False, True): N_(
        "Cost {cost} = available {available} − available for activities not yet costed {uncosted}"
        " + to be sought {sought}"
    ),
    (True, True): N_(
        "Cost {cost} = available {available} − surplus {surplus}"
        " − available for activities not yet costed {uncosted} + to be sought {sought}"
    ),
}
"""The lines, with a surplus or not, and with what is available but not costed or not."""
