"""Why a text that looks like a day was not taken as one, for the caller to put into words."""

from datetime import date


class PastDate(ValueError):  # noqa: N818 - named for what the typed day is
    """A due date that lies behind us; `proposal` is a day that does not; `text` as typed."""

    def __init__(self, day: date, proposal: date, text: str) -> None:
        super().__init__(f"{day} is in the past; {proposal} is not")
        self.day = day
        self.proposal = proposal
        self.text = text


class AmbiguousDate(ValueError):  # noqa: N818 - named for what the typed day is
    """A day with two readings, as 03/04: `choices` are day first, then month first; `text` as
    typed."""

    def __init__(self, choices: tuple[date, date], text: str) -> None:
        super().__init__(f"either {choices[0]} or {choices[1]}")
        self.choices = choices
        self.text = text


class ImpossibleDate(ValueError):  # noqa: N818 - named for what the typed day is
    """A day that no calendar has (30 February), or one absurdly far away; `text` as typed."""

    def __init__(self, text: str) -> None:
        super().__init__(f"no calendar has, or no plan needs, this day: {text}")
        self.text = text
