"""A date as far as it is told, and which dates can be the same one."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Season = Literal["spring", "summer", "autumn", "winter"]
Part = int | str

_SEASON_OF = {
    1: ("winter",), 2: ("winter",), 3: ("spring", "winter"), 4: ("spring",), 5: ("spring",), 6: ("summer", "spring"),
    7: ("summer",), 8: ("summer",), 9: ("autumn", "summer"), 10: ("autumn",), 11: ("autumn",), 12: ("winter", "autumn"),
}  # fmt: skip
"""By the calendar of meteorologists, and for the months of the solstices and equinoxes by that of astronomers too."""


@dataclass(frozen=True, slots=True)
class When:
    """A date as far as it is told. Every part may be missing; `year` is negative before Christ."""

    century: int | None = None
    """21 for the 21st; negative before Christ."""
    decade: int | None = None
    """1990 for the 1990s; 90 for the nineties of no told century."""
    year: int | None = None
    season: Season | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday."""
    swapped: bool = False
    """Whether day and month may also be meant the other way round, as in 03/04/2023."""

    def parts(self) -> dict[str, Part]:
        """What is told, from the finest part to the coarsest."""
        names = ("day", "weekday", "month", "season", "year", "decade", "century")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def days(self) -> tuple[int, int] | None:
        """First and last day, as proleptic ordinals of `datetime.date`; None where no year after Christ is told."""
        if self.year is None:
            return self._long_days()
        if not 1 < self.year < 9999:
            return None
        if self.month is not None:
            last = monthrange(self.year, self.month)[1]
            first_day, last_day = (self.day, self.day) if self.day else (1, last)
            if last_day > last:
                return None
            return date(self.year, self.month, first_day).toordinal(), date(self.year, self.month, last_day).toordinal()
        if self.season is not None:
            months = [month for month in range(1, 13) if self.season in _SEASON_OF[month]]
            if self.season == "winter":  # the one that ends in this year and the one that begins in it
                return date(self.year - 1, 12, 1).toordinal(), date(self.year + 1, 3, 31).toordinal()
            end = monthrange(self.year, months[-1])[1]
            return date(self.year, months[0], 1).toordinal(), date(self.year, months[-1], end).toordinal()
        return date(self.year, 1, 1).toordinal(), date(self.year, 12, 31).toordinal()

    def _long_days(self) -> tuple[int, int] | None:
        if self.decade is not None and self.decade >= 100:
            return date(self.decade, 1, 1).toordinal(), date(self.decade + 9, 12, 31).toordinal()
        if self.century is not None and 0 < self.century < 100:
            return date(100 * self.century - 99, 1, 1).toordinal(), date(100 * self.century, 12, 31).toordinal()
        return None

    def shifted(self, amount: int, unit: str) -> "When | None":
        """The date that lies `amount` days, weeks, months, years or decades later, as far as it can be told."""
        if unit in ("year", "decade", "century") and self.year is not None:
            return When(year=self.year + amount * {"year": 1, "decade": 10, "century": 100}[unit])
        if unit == "month" and self.month is not None:
            months = (self.year or 0) * 12 + self.month - 1 + amount
            return When(year=months // 12 if self.year is not None else None, month=months % 12 + 1)
        if unit in ("day", "week", "fortnight"):
            return self._later(amount * {"day": 1, "week": 7, "fortnight": 14}[unit])
        return None

    def _later(self, days: int) -> "When | None":
        if self.month is None or self.day is None:
            return When(weekday=(self.weekday + days) % 7) if self.weekday is not None else None
        try:
            there = date.fromordinal(date(self.year or 2001, self.month, self.day).toordinal() + days)
        except (ValueError, OverflowError):
            return None
        return When(year=there.year if self.year is not None else None, month=there.month, day=there.day)


def implied(when: When) -> Mapping[str, frozenset[Part]]:
    """The parts of a date with all that follows from them: its season and weekday, its decade and century."""
    parts: dict[str, frozenset[Part]] = {name: frozenset([value]) for name, value in when.parts().items()}
    if when.month is not None and when.season is None:
        parts["season"] = frozenset(_SEASON_OF[when.month])
    if when.year is not None:
        parts["decade"] = frozenset([when.year // 10 * 10, when.year // 10 * 10 % 100])
        parts["century"] = frozenset([century_of(when.year)])
    elif when.decade is not None and when.decade >= 100:
        parts["decade"] = frozenset([when.decade, when.decade % 100])
        parts["century"] = frozenset([century_of(when.decade + 1)])
    elif when.decade is not None:
        parts["decade"] = frozenset([when.decade, 1900 + when.decade])
    days = when.days()
    if when.day is not None and days is not None and days[0] == days[1] and when.weekday is None:
        parts["weekday"] = frozenset([date.fromordinal(days[0]).weekday()])
    return parts


def century_of(year: int) -> int:
    """The century of a year, 21 for 2001 to 2100; as people speak, 2000 counts as the 20th."""
    return (year - 1) // 100 + 1 if year > 0 else -((-year - 1) // 100 + 1)


def agree(when: When, known: Mapping[str, frozenset[Part]]) -> bool:
    """Whether no part that both tell differs."""
    return all(value in known[name] for name, value in when.parts().items() if name in known)


def told_by(when: When, others: Iterable[When]) -> bool:
    """Whether the finest part of `when` stands in one of the others, which agrees with it, and the rest somewhere."""
    known = [implied(other) for other in others]
    return any(_told(reading, known) for reading in readings(when))


def readings(when: When) -> Iterator[When]:
    """The date, and where day and month may be swapped, the other one."""
    yield replace(when, swapped=False)
    if when.swapped:
        yield replace(when, month=when.day, day=when.month, swapped=False)


def _told(when: When, known: list[Mapping[str, frozenset[Part]]]) -> bool:
    parts = when.parts()
    finest = next(iter(parts))
    for other in known:
        if finest in other and agree(when, other):
            rest = [name for name in parts if name not in other]
            if all(any(parts[name] in another.get(name, ()) for another in known) for name in rest):
                return True
    return False


def meet(one: When, other: When) -> bool:
    """Whether two dates can be the same time: one lies inside the other, or their days overlap."""
    for a in readings(one):
        for b in readings(other):
            days, more = a.days(), b.days()
            told = set(implied(a)) & set(implied(b))
            if days and more:
                if days[0] <= more[1] and more[0] <= days[1] and agree_on(a, b, ("weekday",)):
                    return True
            elif told and agree(a, implied(b)) and agree(b, implied(a)):
                return True
    return False


def agree_on(one: When, other: When, names: tuple[str, ...]) -> bool:
    """Whether two dates do not differ in the parts named."""
    a, b = implied(one), implied(other)
    return all(bool(a[name] & b[name]) for name in names if name in a and name in b)
