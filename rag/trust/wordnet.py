"""`python -m rag.trust.wordnet FOLDER`: make the lexicon's data from WordNet 3.0.

FOLDER holds WordNet's `data.*`, `*.exc` and `cntlist.rev`, in the formats of its wndb(5) and cntlist(5).
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.text import stems

KINDS = ("verb", "noun", "adj", "adv")
_WORD = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class Pointer:
    """From one synset to another; the symbol `!` joins a word to its antonym."""

    symbol: str
    offset: str
    source: int
    """Which word of the one synset points to which of the other, from 1; 0 for all of it."""
    target: int


@dataclass(frozen=True, slots=True)
class Synset:
    """Words of one meaning."""

    words: tuple[str, ...]
    pointers: tuple[Pointer, ...]


def synsets(path: Path) -> dict[str, Synset]:
    """The synsets of one `data.*` file by their offsets."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = tuple(re.sub(r"\(.*\)", "", fields[4 + 2 * at]) for at in range(count))
        rest = fields[5 + 2 * count :]
        pointers = tuple(
            Pointer(rest[at], rest[at + 1], int(rest[at + 3][:2], 16), int(rest[at + 3][2:], 16))
            for at in range(0, 4 * int(fields[4 + 2 * count]), 4)
        )
        found[fields[0]] = Synset(words, pointers)
    return found


def irregular_forms(folder: Path) -> dict[str, str]:
    """Irregular form → the word it is of, single words that stem apart."""
    forms: dict[str, str] = {}
    for kind in ("verb", "noun", "adj"):
        for line in (folder / f"{kind}.exc").read_text(encoding="utf-8").splitlines():
            form, base = line.split()[:2]
            if _WORD.fullmatch(form) and _WORD.fullmatch(base) and stems(form) != stems(base):
                forms.setdefault(form, base)
    return forms


def antonyms(known: dict[str, Synset]) -> Iterator[tuple[str, str]]:
    """Direct antonyms, single words, each pair in alphabetical order."""
    for synset in known.values():
        for pointer in synset.pointers:
            if pointer.symbol == "!" and pointer.offset in known:
                one = synset.words[pointer.source - 1].lower()
                other = known[pointer.offset].words[pointer.target - 1].lower()
                if _WORD.fullmatch(one) and _WORD.fullmatch(other):
                    yield (one, other) if one < other else (other, one)


def common(folder: Path, known: Sequence[dict[str, Synset]]) -> list[str]:
    """The stems of the words that stand in lower case and were met in the tagged texts, in order."""
    lines = (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines()
    met = {line.partition("%")[0] for line in lines}
    lower = {word for own in known for synset in own.values() for word in synset.words if _is_lower(word)}
    return sorted({stem for word in lower & met for stem in stems(word)})


def _is_lower(word: str) -> bool:
    return word.isalpha() and word.islower()


def main(folder: Path, out: Path) -> None:
    """Write `wordnet.json` and `common_words.txt` into `out`."""
    known = [synsets(folder / f"data.{kind}") for kind in KINDS]
    opposed = sorted({pair for own in known for pair in antonyms(own)})
    made = {"forms": irregular_forms(folder), "antonyms": opposed}
    (out / "wordnet.json").write_text(json.dumps(made, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
    listed = ["# Stems of common words, from WordNet 3.0 (see the licence in NOTICE).", *common(folder, known)]
    (out / "common_words.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).with_name("data"))
