"""The words of a text as names are made of them. There is no model of names: capitals tell, and where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.trust.alignment import FUNCTION_WORDS
from rag.trust.common import is_common_word
from rag.trust.places import place_of, sizes_of
from rag.trust.spelling import POSSESSIVE, WORD, folded, given_names

_ACRONYMS = re.compile(r"[A-Z][a-z]?[A-Z]+s")
_ENDS = re.compile(r"[.?!…][\s\"'”’)\]]*$|\n\s*[-*•#>|]*\s*$|\n\s*\n")
_OPENS = re.compile(r"[.?!:;\n\r\"“”„«(\[{*•|/>]|``|''|--|[—–]|(?:^|\s)['‘]")
_GLUE = " -‐‑"
_BUILT = re.compile(
    r"(?:ing|ly|tion|sion|ment|ness|ity|ism|ance|ence|ship|hood|logy|ics|ed|[aeo]rs|[^aeiou]ists?|ives|ants|ents|ees)$"
)
_SHORT = frozenset("mr mrs ms dr prof sen rep gov gen lt col sgt capt rev hon st mt ft messrs pres vs no".split())
_AMBIGUOUS = frozenset("us la sf turkey polish pole poles dane finn china chad scot scots brit lao".split())


LINKS = frozenset("of the de del della di da du la le van von der den bin ibn al el for & y e und et".split())
_HEADLINE = 0.6
"""Share of common words with a capital, from which a text is taken for a heading."""
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir lord lady dame president vice prime minister chancellor premier king queen"
    " prince princess duke duchess earl count emperor empress tsar pope cardinal bishop archbishop father sister"
    " brother"
    " saint st senator sen representative rep congressman congresswoman governor gov mayor general gen colonel col"
    " major captain capt lieutenant lt sergeant sgt admiral commander officer judge justice chief secretary ambassador"
    " director chairman chairwoman chairperson ceo coach detective inspector reverend rev rabbi imam sheikh ayatollah"
    " former ex late deputy acting first foreign defense defence attorney spokesman spokeswoman jr sr ii iii iv"
    " uncle aunt mother dad mom mum grandpa grandma actor actress singer author director writer producer".split()
)
CLASSES = frozenset(
    "city town village county state province region district republic kingdom federation union nation country island"
    " islands river lake sea ocean mountain mountains mount mt valley bay cape fort ft hill hills park street road"
    " avenue square bridge tower building house hall palace castle church cathedral temple hospital airport station"
    " university college school institute academy museum library centre center company co corporation corp inc ltd llc"
    " plc fc afc group limited bank agency association society foundation organization organisation committee"
    " commission"
    " council department ministry office board bureau court parliament senate congress house government party club"
    " team football basketball league cup championship championships tournament games series season award awards prize"
    " medal festival conference war battle act bill law treaty film movie show tv television album song band book novel"
    " magazine newspaper press news times channel network radio app website internet web english language black white"
    " god earth sun moon north south east west northern southern eastern western central upper lower new old great best"
    " national international world global federal royal american-style day century age era part volume chapter".split()
)
_CALENDAR = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat"
    " sun spring summer autumn fall winter am pm ad bc ce bce gmt utc est pst edt pdt et".split()
)
NO_NAMES = _CALENDAR | frozenset(
    "i ok okay yes no oh hi hello hey wow well yeah lol also however meanwhile moreover furthermore therefore thus"
    " hence"
    " although though while whereas because since after before during despite unlike like according additionally"
    " finally later earlier then now today yesterday tomorrow once even still perhaps maybe here there one two three"
    " four five six seven eight nine ten eleven twelve many few several some both each every all most another either"
    " neither nobody everyone someone anyone nothing everything something against among between along across around"
    " behind below beneath beside besides beyond above near off onto per toward towards upon via amid under over inside"
    " outside throughout overall indeed instead otherwise unfortunately let please thank thanks who what when where why"
    " how which whose whom whether unless until tv dvd cd pc phd ceo cfo lsb rsb lrb rrb lcb rcb etc".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text; a place of several words ("United States") is one."""

    start: int
    end: int
    fold: str
    """In lower case, without accents, dots and possessive."""
    place: str = ""
    """The place that it names, or whose people or language; empty for any other word."""
    capital: bool = False
    initial: bool = False
    """Whether it stands where any word has a capital: at the start of a sentence, a quotation, a bracket."""
    glued: bool = False
    """Whether only a space or a hyphen parts it from the word before."""
    shouted: bool = False
    """Whether all its letters, two or more, are capitals; "GANs" too."""
    begins: bool = False
    """Whether a sentence begins with it."""

    @property
    def parts(self) -> list[str]:
        """Its words, were it cut at spaces."""
        return self.fold.split()


def read(text: str) -> list[Word]:
    """The words of `text`, in order."""
    found: list[Word] = []
    last, possessive = 0, False
    for match in WORD.finditer(text):
        raw = match.group()
        bare = POSSESSIVE.sub("", raw) if "'" in raw or "’" in raw else raw
        bare = bare[:-1] if _ACRONYMS.fullmatch(bare) else bare
        fold = folded(bare)
        gap, last = text[last : match.start()], match.end()
        if not fold or fold == "s":
            possessive = True
            continue
        short = bool(found) and (len(found[-1].fold) < 2 or found[-1].fold in _SHORT)
        gap = gap.replace(".", "", 1) if short else gap
        letters = bare.replace(".", "")
        found.append(
            Word(
                match.start(),
                match.start() + len(bare),
                fold,
                capital=letters != letters.lower() and not letters[0].isdigit(),
                initial=not found or bool(_OPENS.search(gap)),
                glued=bool(found) and not possessive and not gap.strip(_GLUE),
                shouted=len(letters) > 1 and letters.isupper(),
                begins=not found or (bool(_ENDS.search(gap)) and not raw.islower()),
            )
        )
        possessive = bare != raw
    return _with_places(found)


def _with_places(found: list[Word]) -> list[Word]:
    """Places named by several words made one word, and all of them known."""
    sizes = sizes_of()
    made: list[Word] = []
    at = 0
    while at < len(found):
        word, taken = found[at], 1
        for size in sizes.get(word.fold, ()):
            run = found[at : at + size]
            if len(run) == size and (place := _place(run)):
                word = replace(word, end=run[-1].end, fold=" ".join(part.fold for part in run), place=place)
                taken = size
                break
        made.append(word)
        at += taken
    return made


def _place(run: list[Word]) -> str:
    """The place that these words name; empty where they name none."""
    first = run[0]
    if not all(word.glued for word in run[1:]):
        return ""
    if len(run) == 1 and first.fold in _AMBIGUOUS and not (first.shouted or (len(first.fold) > 2 and first.capital)):
        return ""
    return place_of(" ".join(word.fold for word in run))


def cut(words: Sequence[Word]) -> list[list[Word]]:
    """The words of each sentence."""
    starts = [at for at, word in enumerate(words) if word.begins]
    return [list(words[start:end]) for start, end in pairwise([*starts, len(words)])]


def is_heading(words: Sequence[Word]) -> bool:
    """Whether so many words have capitals that these tell nothing."""
    common = [word for word in words if len(word.fold) > 3 and not word.initial and is_common(word)]
    if len(common) > 3 and sum(word.capital for word in common) > _HEADLINE * len(common):
        return True
    return 2 * sum(word.shouted for word in words) > len(words) > 3


def runs(words: Sequence[Word]) -> list[list[Word]]:
    """The words that make up each name of a text; none in a heading."""
    if is_heading(words):
        return []
    found: list[list[Word]] = []
    at = 0
    while at < len(words):
        end = _reach(words, at)
        run = list(words[at:end])
        if any(word.place or (len(word.fold) > 1 and word.fold not in TITLES) for word in run):
            found.append(run)
        at = max(end, at + 1)
    return found


def units(run: Sequence[Word]) -> Iterator[list[Word]]:
    """The parts of a name that must be held each for itself: places, and what else says which one it is.

    A title that stands last is a surname ("Stephen King").
    """
    for word in run:
        if word.place:
            yield [word]
    rest = [word for word in run if not word.place and word.fold not in LINKS and len(word.fold) > 1]
    rest = [word for word in rest if word.fold not in TITLES or (word is run[-1] and word is not rest[0])]
    telling = [word for word in rest if word.fold not in CLASSES and not (word.initial and _may_be_common(word, rest))]
    if telling:
        yield telling
    elif len(rest) > 1 and not any(word.initial and is_common(word) for word in rest):
        yield rest


def _may_be_common(word: Word, name: Sequence[Word]) -> bool:
    return is_common(word) and not (len(name) > 1 and word.fold in given_names())


def _reach(words: Sequence[Word], at: int) -> int:
    """Where the name that begins at `at` ends; `at` itself where none does."""
    if not _begins_name(words, at):
        return at
    end = at + 1
    while end < len(words) and words[end].glued:
        link = end
        while link < len(words) - 1 and link - end < 2 and words[link].fold in LINKS and words[link].glued:
            link += 1
        if not words[link].glued or not in_name(words[link]):
            break
        end = link + 1
    return end


def _begins_name(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    goes_on = at + 1 < len(words) and words[at + 1].glued and in_name(words[at + 1])
    if not in_name(word) or (len(word.fold) == 1 and not goes_on):
        return False
    return not word.initial or word.shouted or not is_common(word) or goes_on


def in_name(word: Word) -> bool:
    """Whether a word may be part of a name."""
    if word.place or (word.shouted and word.fold == "who"):
        return word.capital
    return word.capital and word.fold not in NO_NAMES and word.fold not in FUNCTION_WORDS


def is_common(word: Word) -> bool:
    """Whether a word that stands where any has a capital may well be no name."""
    fold = word.fold
    return not word.place and (
        fold in FUNCTION_WORDS
        or fold in NO_NAMES
        or fold.isdigit()
        or bool(_BUILT.search(fold))
        or is_common_word(fold)
    )
