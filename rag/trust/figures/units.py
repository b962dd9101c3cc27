"""Units of measurement and of money: which words name the same one, and what one is in another."""

from fractions import Fraction

_TABLE = """
length 1 metre meter m
length 1000 kilometre kilometer km kms
length 1/100 centimetre centimeter cm
length 1/1000 millimetre millimeter mm
length 1609344/1000 mile mi
length 1852 nautical-mile
length 3048/10000 foot feet ft
length 9144/10000 yard yd yds
length 254/10000 inch inches
length 9460730472580800 light-year
area 1 square-metre sqm m² m2
area 1000000 square-kilometre km² km2
area 2589988110336/1000000 square-mile
area 9290304/100000000 square-foot sqft
area 40468564224/10000000 acre
area 10000 hectare ha
volume 1 litre liter l
volume 1/1000 millilitre milliliter ml
volume 3785411784/1000000000 gallon
volume 158987294928/1000000000 barrel
volume 1000 cubic-metre m³ m3
volume 28316846592/1000000000 cubic-foot
mass 1 gram gramme g
mass 1000 kilogram kilogramme kilo kg kgs
mass 1/1000 milligram mg
mass 45359237/100000 pound lb lbs
mass 28349523125/1000000000 ounce oz
mass 1000000 tonne ton tons
mass 635029318/100000 stone
speed 1 kilometre-per-hour kph kmh
speed 1609344/1000000 mile-per-hour mph
speed 1852/1000 knot
speed 36/10 metre-per-second mps
time 1/86400000 millisecond ms
time 1/86400 second sec secs
time 1/1440 minute min mins
time 1/24 hour hr hrs h
time 1 day days
time 7 week
time 14 fortnight
time 487/16 month
time 1461/4 year yr yrs
time 7305/2 decade
time 36525 century centuries
time 365250 millennium millennia
temperature 1 celsius
temperature 1 fahrenheit
temperature 1 kelvin
angle 1 degree
share 1 share
share 1/100 percent
points 1 percentage-point pp
points 1/100 basis-point bps
data 1 byte
data 1000 kilobyte kb
data 1000000 megabyte mb
data 1000000000 gigabyte gb
data 1000000000000 terabyte tb
power 1 watt
power 1000 kilowatt kw
power 1000000 megawatt mw
power 1000000000 gigawatt gw
power 7457/10 horsepower hp bhp
energy 1 kilowatt-hour kwh
energy 1000 megawatt-hour mwh
energy 1000000 gigawatt-hour gwh
frequency 1 hertz hz
frequency 1000 kilohertz khz
frequency 1000000 megahertz mhz
frequency 1000000000 gigahertz ghz
food 1 calorie kilocalorie kcal
sound 1 decibel db
voltage 1 volt
dollar 1 dollar usd buck
dollar 1/100 cent centime
euro 1 euro eur
sterling 1 sterling gbp quid
sterling 1/100 penny pence
yen 1 yen jpy
yuan 1 yuan renminbi rmb cny
rupee 1 rupee inr rs
rouble 1 rouble ruble rub
franc 1 franc chf
krona 1 krona krone kronor kroner
won 1 krw
peso 1 peso
real 1 reais brl
mark 1 deutschmark
rand 1 rand zar
shekel 1 shekel
lira 1 lira
riyal 1 riyal
dirham 1 dirham
zloty 1 zloty
crown 1 crown
times 1 times
"""

DIMENSION: dict[str, str] = {}
_FACTOR: dict[str, Fraction] = {}
_NAMES: dict[str, str] = {}
for _dimension, _factor, _name, *_others in (line.split() for line in _TABLE.strip().splitlines()):
    DIMENSION[_name], _FACTOR[_name] = _dimension, Fraction(_factor)
    _NAMES |= dict.fromkeys((_name, *_others), _name)
    _NAMES |= {f"{word}s": _name for word in (_name, *_others) if len(word) > 3 and word[-1] not in "s²³"}
_NAMES["penny"] = "penny"

SIGNS = {
    "$": "dollar",
    "€": "euro",
    "£": "sterling",
    "¥": "yen",
    "₹": "rupee",
    "₽": "rouble",
    "₩": "krw",
    "₪": "shekel",
}
_MONEY = frozenset(name for name in DIMENSION if DIMENSION[name] in {
    "dollar", "euro", "sterling", "yen", "yuan", "rupee", "rouble", "franc", "krona", "won", "peso", "real", "mark",
    "rand", "shekel", "lira", "riyal", "dirham", "zloty", "crown",
})  # fmt: skip
CODES = {code: _NAMES[code.lower()] for code in "USD EUR GBP JPY RMB CNY INR CHF BRL ZAR KRW".split()} | {"Rs": "rupee"}


def unit_of(word: str) -> str | None:
    """The unit that a word in small letters names (`kilometers` → `kilometre`), or None where it names none."""
    return _NAMES.get(word)


def is_money(unit: str) -> bool:
    """Whether a unit is one of money."""
    return unit in _MONEY


def is_period(unit: str) -> bool:
    """Whether a unit is a length of time."""
    return DIMENSION.get(unit) == "time"


def convert(value: Fraction, unit: str, other: str) -> Fraction | None:
    """`value` in `unit` as a value in `other`, or None where the one cannot be had from the other."""
    if unit == other or {unit, other} == {"pound", "sterling"}:
        return value
    if {unit, other} == {"percent", "basis-point"}:  # as people speak of rates
        return value * 100 if unit == "percent" else value / 100
    if DIMENSION.get(unit) != DIMENSION.get(other) or unit not in DIMENSION:
        return None
    if DIMENSION[unit] == "temperature":
        return _from_kelvin(_to_kelvin(value, unit), other)
    return value * _FACTOR[unit] / _FACTOR[other]


def _to_kelvin(value: Fraction, unit: str) -> Fraction:
    if unit == "fahrenheit":
        return (value - 32) * Fraction(5, 9) + Fraction(27315, 100)
    return value + Fraction(27315, 100) if unit == "celsius" else value


def _from_kelvin(value: Fraction, unit: str) -> Fraction:
    if unit == "fahrenheit":
        return (value - Fraction(27315, 100)) * Fraction(9, 5) + 32
    return value - Fraction(27315, 100) if unit == "celsius" else value
