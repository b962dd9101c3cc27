"""Numbers as people write them: `25,000,000`, `25 million`, `25m`, `twenty-five`, `half a dozen`, `21st`."""

import re
from dataclasses import dataclass
from fractions import Fraction

from rag.trust.figures.tokens import HYPHENS, Token, past_hyphen, touching

_SEPARATOR = re.compile(r"[ ,\u00a0\u2009\u202f]")
SMALL = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
}
TENS = {
    name: 10 * value
    for value, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
}
DOZEN = {"dozen": 12}
CARDINALS = SMALL | TENS | SCALES | DOZEN
SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12, "trn": 10**12}
_ORDINAL_SMALL = {
    name: value
    for value, name in enumerate(
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth".split()
    )
}
_ORDINAL_TENS = {name[:-1] + "ieth": value for name, value in TENS.items()}
ORDINALS = _ORDINAL_SMALL | _ORDINAL_TENS | {f"{name}th": value for name, value in SCALES.items()}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    name + end: value for name, value in ORDINALS.items() if 3 <= value <= 1000 for end in ("", "s")
}
_GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}
GLYPHS = frozenset(_GLYPHS)


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from tokens, up to and without the token `after`."""

    value: Fraction
    step: Fraction
    """The place of its last figure that counts: a million for `25 million`, a tenth for `3.5`."""
    after: int
    part: bool = False
    """Whether it is a fraction of a whole, as in `two-thirds`."""
    spelled: bool = False
    scaled: int = 1
    """The scale that a word or letter gave it: a million for `25 million` and `25m`."""


def cardinal(row: list[Token], at: int) -> Number | None:
    """The number that begins at `at`, or None where none does."""
    token = row[at]
    if token.text[:1].isdecimal() or (token.text[:1] == "." and len(token.text) > 1) or token.text in _GLYPHS:
        return _in_digits(row, at)
    return _in_words(row, at)


def ordinal(row: list[Token], at: int) -> Number | None:
    """The ordinal number (`21st`, `twenty-first`) that begins at `at`, or None where none does."""
    token = row[at]
    if token.text.isdecimal() and row[at + 1].low in ("st", "nd", "rd", "th") and touching(row, at):
        return Number(Fraction(int(token.text)), Fraction(1), at + 2)
    if token.low in ORDINALS:
        return Number(Fraction(ORDINALS[token.low]), Fraction(1), at + 1, spelled=True)
    if token.low in TENS:
        unit = past_hyphen(row, at + 1)
        if 0 < _ORDINAL_SMALL.get(row[unit].low, 0) < 10:
            return Number(
                Fraction(TENS[token.low] + _ORDINAL_SMALL[row[unit].low]), Fraction(1), unit + 1, spelled=True
            )
    return None


def _in_digits(row: list[Token], at: int) -> Number | None:
    token = row[at]
    if token.text in _GLYPHS:
        return Number(Fraction(*_GLYPHS[token.text]), Fraction(1, 100), at + 1, part=True)
    plain = _SEPARATOR.sub("", token.text)
    if plain.count(".") > 1:
        return None
    value, step = _plain(plain)
    after, part = at + 1, False
    if row[after].text == "/" and touching(row, at) and touching(row, after) and _below(row[after + 1].text, 101):
        value, step, after, part = value / int(row[after + 1].text), Fraction(1, 100), after + 2, True
    elif row[after].text in _GLYPHS:
        value, step, after = value + Fraction(*_GLYPHS[row[after].text]), Fraction(1, 4), after + 1
    elif row[after + 1].text == "/" and row[after].text == "1" and row[after + 2].text in ("2", "3", "4"):
        value, step, after = value + Fraction(1, int(row[after + 2].text)), Fraction(1, 4), after + 3
    scale, after = _scale(row, after)
    return Number(value * scale, step * scale, after, part, scaled=scale)


def _plain(digits: str) -> tuple[Fraction, Fraction]:
    whole, _, rest = digits.partition(".")
    if rest:
        unit = 10 ** len(rest)
        return Fraction(int((whole or "0") + rest), unit), Fraction(1, unit)
    value = int(whole)
    zeros = len(whole) - len(whole.rstrip("0")) if value else 0
    return Fraction(value), Fraction(10**zeros)


def _below(digits: str, bound: int) -> bool:
    return digits.isdecimal() and 0 < int(digits) < bound


def _scale(row: list[Token], at: int) -> tuple[int, int]:
    """What a word or letter after a number in digits multiplies it by, and the place after that word."""
    after = past_hyphen(row, at)
    low = row[after].low
    if low in SCALES or low in DOZEN:
        inner, end = _scale(row, after + 1) if row[after + 1].low in SCALES else (1, after + 1)
        return CARDINALS[low] * inner, end
    if low in SHORT_SCALES and after == at:
        close = touching(row, at - 1)
        metres = low == "m" and not _followed_by_people(row, at) and not _priced(row, at)
        if (close or len(low) > 1) and not metres:
            return SHORT_SCALES[low], at + 1
    return 1, at


def _priced(row: list[Token], at: int) -> bool:
    """Whether a currency's sign stands before the number that ends before `at`."""
    return at >= 2 and row[at - 2].text[-1:] in tuple("$€£¥₹")


def _followed_by_people(row: list[Token], at: int) -> bool:
    """Whether `m` after a number counts things (`25m people`), and is no metre (`25m deep`)."""
    word = row[at + 1].low
    return len(word) > 3 and word.isalpha() and (word == "people" or word.endswith("s"))


def _in_words(row: list[Token], at: int) -> Number | None:
    low = row[at].low
    if low in _PARTS:
        return _half_a(row, at) if low in ("half", "quarter") else None
    if low in ("a", "an"):
        return _a_hundred(row, at)
    if low not in CARDINALS:
        return None
    value, after = _spelled(row, at)
    return _with_parts(row, value, after)


def _half_a(row: list[Token], at: int) -> Number | None:
    """`half a million`, `half a dozen`, `a quarter of a million` (from `quarter` on), `half`."""
    share = Fraction(1, _PARTS[row[at].low])
    after = at + 1 + (row[at + 1].low == "of")
    if row[after].low == "a" and (scale := (SCALES | DOZEN).get(row[after + 1].low)):
        return Number(share * scale, share * scale, after + 2, spelled=True)
    if row[at].low == "quarter":
        return None
    return Number(share, Fraction(1, 50), at + 1, part=True, spelled=True)


def _a_hundred(row: list[Token], at: int) -> Number | None:
    """`a hundred`, `a dozen`, `a third of`, `a quarter of a million`."""
    low = row[at + 1].low
    if low in SCALES or low in DOZEN:
        value, after = _spelled(row, at + 1)
        return _with_parts(row, value, after)
    if low in _PARTS and low not in ("half", "halves"):
        if low == "quarter" and (number := _half_a(row, at + 1)):
            return number
        if (
            row[at + 2].low in ("of", "share", "stake")
            or _by_a(row, at)
            or (low == "quarter" and row[at + 2].low != "century")
        ):
            return Number(Fraction(1, _PARTS[low]), Fraction(1, 50), at + 2, part=True, spelled=True)
    return None


def _by_a(row: list[Token], at: int) -> bool:
    """Whether `a third` ends its phrase as an amount: `fell by a third.`, not `a third, larger one`."""
    by = at > 0 and row[at - 1].low in ("by", "than", "nearly", "about", "almost", "over", "only", "to")
    return by and not row[at + 2].low.isalpha()


def _with_parts(row: list[Token], value: int, after: int) -> Number:
    """The number with what may follow it: `two-thirds`, `two and a half`, `two and a half million`."""
    part = past_hyphen(row, after)
    several = value > 1 and row[part].low.endswith("s")
    if (
        value < 100
        and row[part].low in _PARTS
        and (several or (value == 1 and row[part].low not in ("half", "second")))
    ):
        share = Fraction(value, _PARTS[row[part].low])
        return Number(share, Fraction(1, 50), part + 1, part=True, spelled=True)
    if row[after].low == "and" and row[after + 1].low in ("a", "one") and row[after + 2].low in ("half", "quarter"):
        mixed = value + Fraction(1, _PARTS[row[after + 2].low])
        scale = SCALES.get(row[after + 3].low, 1)
        return Number(mixed * scale, Fraction(1, 2) * scale, after + 3 + (scale > 1), spelled=True)
    return Number(Fraction(value), _step(value), after, spelled=True)


def _step(value: int) -> Fraction:
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return Fraction(step)


def _spelled(row: list[Token], at: int) -> tuple[int, int]:
    """The value of the number words from `at` on, and the place after them."""
    total, current, place = 0, 0, at
    first = True
    while True:
        low = row[place].low
        if low in SMALL or low in TENS:
            value = CARDINALS[low]
            if (
                first
                or (current == 0 and total)
                or (
                    (value < 10 and current % 10 == 0 and current % 100 >= 20)
                    or (value < 100 and current and current % 100 == 0)
                )
            ):
                current += value
            elif low in TENS and 10 < current < 21 and not total:  # nineteen ninety-eight
                current = current * 100 + value
            else:
                break
        elif low in SCALES or low in DOZEN:
            factor = CARDINALS[low]
            if factor <= 100:
                current = max(current, 1) * factor
            else:
                total, current = total + max(current, 1) * factor, 0
        else:
            break
        first = False
        place += 1
        following = row[place].low
        if following == "and" and (current % 100 == 0) and (row[place + 1].low in SMALL or row[place + 1].low in TENS):
            if row[place - 1].low not in SCALES:
                break
            place += 1
        elif row[place].text in HYPHENS and touching(row, place - 1) and row[place + 1].low in CARDINALS:
            joins = low in TENS or row[place + 1].low in SCALES or row[place + 1].low in DOZEN
            if not joins:
                break
            place += 1
    return total + current, place
