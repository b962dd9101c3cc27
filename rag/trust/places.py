"""Places, and what their people and languages are called. `data/places.txt` is our own."""

from collections import defaultdict
from functools import cache

from rag.trust.spelling import POSSESSIVE, WORD, data_lines, folded


def place_of(form: str) -> str:
    """What a form, folded, names: "russia" for "russians"; empty where it names no place."""
    table = _places()
    return table.get(form) or (table.get(form[:-1], "") if form.endswith("s") else "")


def within(place: str) -> list[str]:
    """A place and those that it is part of, narrowest first."""
    found = [place] if place else []
    while found and found[-1] in _wider():
        found.append(_wider()[found[-1]])
    return found


@cache
def sizes_of() -> dict[str, tuple[int, ...]]:
    """How many words the forms that begin with a word have, longest first."""
    sizes: dict[str, set[int]] = defaultdict(set)
    for form in _places():
        first, *rest = form.split()
        sizes[first].add(1 + len(rest))
        if not rest:
            sizes[first + "s"].add(1)
    return {first: tuple(sorted(counts, reverse=True)) for first, counts in sizes.items()}


@cache
def _places() -> dict[str, str]:
    """What each form names."""
    table: dict[str, str] = {}
    for _, forms in _place_lines():
        table.update((form, forms[0]) for form in forms)
    return table


@cache
def _wider() -> dict[str, str]:
    return {forms[0]: wider for wider, forms in _place_lines() if wider}


def _place_lines() -> list[tuple[str, list[str]]]:
    lines = []
    for line in data_lines("places.txt"):
        wider, _, forms = line.partition(">")
        lines.append((_form(wider), [_form(form) for form in forms.split("|")]))
    return lines


def _form(text: str) -> str:
    return " ".join(folded(POSSESSIVE.sub("", part)) for part in WORD.findall(text))
