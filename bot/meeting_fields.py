"""How a line says which series it is about, and which of its meetings."""

from typing import Annotated

from bot.fields import Field
from bot.language import N_
from bot.meetings import Series
from bot.rhythm import Slot

_OF = ("of", "series")
Of = Annotated[Series | None, Field(N_("Meeting"), _OF, "of TITLE", typed_only=True, bare=True)]
OfAny = Annotated[
    Series | None, Field(N_("Meeting"), _OF, "of TITLE", typed_only=True, bare=True, past=True)
]
"""Of any series, one that has ended too."""

Which = Annotated[Slot | None, Field(N_("Which day"), ("on", "am"), "DAY", hint=N_("tue · 1 dec"))]
