"""Which quantisation is pointed at first. Knows no Qt; nothing is fetched for it."""

from collections.abc import Sequence

from app.models_page.fit import Fit, Room, judge
from app.models_page.repository.choice_rows import Known
from app.models_page.repository.grouping import Choice

MOST_BITS = 5
"""The quantisation that is pointed at first has no more bits a weight than this."""

WHOLE = 16


def best_of(among: Sequence[Choice], known: Known, room: Room | None) -> Choice | None:
    """Returns the largest model of up to `MOST_BITS` that fits easily, else the smallest model.

    Args:
        among: the choices, models first, smallest first.
        known: what the fit is judged by.
        room: the memory that there is.
    """
    models = [one for one in among if one.is_model and not one.missing]
    fitting = [
        one
        for one in models
        if judge(known.need_of(one), room) is Fit.EASILY and bits_of(one.quantisation) <= MOST_BITS
    ]
    return fitting[-1] if fitting else (models[0] if models else None)


def bits_of(quantisation: str) -> int:
    """Returns the number in a quantisation's name, such as 4 in `Q4_K_M`; 0 where there is none."""
    if quantisation.startswith(("F", "BF")):
        return WHOLE
    return int(next((sign for sign in quantisation if sign.isdigit()), "0"))
