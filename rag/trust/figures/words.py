"""The words that are figures without a number in them, and those that stand beside figures."""

from fractions import Fraction

from rag.trust.figures.figure import Bound

BOUNDS: dict[str, Bound] = {
    "about": "about", "around": "about", "approximately": "about", "roughly": "about", "some": "about",
    "nearly": "about", "almost": "about", "circa": "about", "estimated": "about", "approx": "about", "~": "about",
    "≈": "about", "ca": "about", "close to": "about", "over": "over", "more than": "over", "at least": "over",
    "above": "over", "upwards of": "over", "excess of": "over", "exceeding": "over", "exceeds": "over",
    "exceeded": "over", "greater than": "over", "minimum of": "over", ">": "over", "less than": "under",
    "under": "under", "fewer than": "under", "at most": "under", "up to": "under", "below": "under",
    "maximum of": "under", "<": "under", "as many as": "under", "as much as": "under", "no more than": "under",
    "not more than": "under", "no fewer than": "over", "no less than": "over", "not less than": "over",
}  # fmt: skip
TERM_BOUNDS: dict[str, Bound] = {"within": "within", "after": "after"}
"""Bounds of a length of time alone."""
FACTORS: dict[str, int | Fraction] = {
    "twice": 2, "thrice": 3, "doubled": 2, "doubles": 2, "doubling": 2, "tripled": 3, "triples": 3, "tripling": 3,
    "trebled": 3, "quadrupled": 4, "quadrupling": 4, "quintupled": 5, "halved": Fraction(1, 2),
    "halving": Fraction(1, 2), "twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10,
    "hundredfold": 100,
}  # fmt: skip
GROUPS = {
    "both": 2, "pair": 2, "couple": 2, "duo": 2, "twin": 2, "twins": 2, "trio": 3, "triplets": 3, "quartet": 4,
    "quintet": 5, "double": 2, "dual": 2, "triple": 3, "quadruple": 4, "trilogy": 3, "once": 1, "single": 1,
}  # fmt: skip
VAGUE = {
    "tens": 10, "dozens": 12, "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9,
    "trillions": 10**12,
}  # fmt: skip
SEVERAL = frozenset("several few many numerous some".split())
"""Words that with a length of time after them tell roughly how long: `several months`."""
OFTEN = {
    "hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "fortnightly": "fortnight",
    "monthly": "month", "quarterly": "quarter", "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
DAYPARTS = {
    "morning": "morning", "mornings": "morning", "dawn": "morning", "sunrise": "morning", "afternoon": "afternoon",
    "afternoons": "afternoon", "evening": "evening", "evenings": "evening", "night": "evening", "nights": "evening",
    "overnight": "evening", "tonight": "evening", "dusk": "evening", "sunset": "evening",
}  # fmt: skip
CLOCK = {"noon": 720, "midday": 720, "midnight": 0}
RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
TOWARDS = {"last": -1, "previous": -1, "preceding": -1, "this": 0, "next": 1, "following": 1}
LATER = {
    "later": 1, "after": 1, "afterwards": 1, "afterward": 1, "hence": 1, "earlier": -1, "before": -1, "ago": -1,
    "previously": -1, "prior": -1,
}  # fmt: skip
NO_NAME = frozenset(
    "pre post mid non top under over sub early late inter multi mini anti u no nos vol vols fy since age aged page pp p"
    " us usd eur gbp cad aud hk nz rs inr jpy chf c ca x to from than by about around nearly almost".split()
)
"""Words that a number may follow without a space and yet be a number: `pre-1914`, `FY2022`, `Rs500`."""
NO_ONE = frozenset("no any every each some the this that which only another".split())
NUMBERED = frozenset(
    "season episode chapter part section volume page level stage phase type version route room figure table article"
    " number grade class group step round line flight channel category tier zone district psalm verse appendix war act"
    " book title".split()
)
"""Words that a number is the name of: `season 3`."""
SINGULAR = {
    "children": "child", "men": "man", "women": "woman", "wives": "wife", "lives": "life", "knives": "knife",
    "mice": "mouse", "teeth": "tooth", "geese": "goose", "criteria": "criterion", "leaves": "leaf", "people": "person",
}  # fmt: skip
PERSONS = frozenset("inhabit resid citizen man woman child adult villag passeng worker employe".split())
"""Stems of those who may be called people."""
TERMS = frozenset("semester semesters season term quarter training break collection".split())
"""Words that after `fall` and `spring` make them seasons."""
HALF_OTHER = frozenset("brother brothers sister sisters time way hour hearted life back".split())
NO_NOUN = frozenset(
    "a about above after again ago against all alone also although among an and annually any are around as at away"
    " back be because been before behind being below between both but by came can could daily dead did died do does"
    " down during each earlier either ended ever every except failed finished for former from given gone got had has"
    " have he her here his how if in injured inside instead into is it its itself just killed later latest least left"
    " less lost made many may me might monthly more most much must my near need next no nor not now of off often on"
    " once only onto or other others our out outside over own past per plus prior remained respectively said same say"
    " says scored several she should since so some still such than that the their them then there these they this"
    " those though through throughout thus to together too total toward towards under until up upon us use versus via"
    " was we weekly went were what when where whether which while who whose why will with within without won would"
    " wounded yearly yet you your".split()
)
"""Words that are never what a number counts."""
