"""The page of settings: what a visitor may change, what is stored where, and which keys are set."""

from collections.abc import Mapping, Sequence
from typing import Any

from rag.asking import EXTRACTIVE
from rag.settings import FILE, Settings
from rag.web import words
from rag.web.markup import esc, exact
from rag.web.preferences import LONGEST, Preferences, bounds, in_force, offered
from rag.web.stored import Key, Place

OTHER = "other"
"""Stands for a model that is typed in."""


def form(preferences: Preferences, settings: Settings, *, free: bool, user: str = "") -> str:
    """Every preference as it counts now. With `free` any model may be typed in; `user` has signed in."""
    now, said = in_force(preferences, settings), in_force(Preferences(), settings)
    numbers = {name: _number(name, now[name], said[name]) for name in ("depth", "evidence", "sentences")}
    return (
        f'<section class="room settings">{_signed_in(user)}<p class="lead">{words.SETTINGS_LEAD}</p>'
        f"<p>{words.SETTINGS_MORE} {words.SETTINGS_GOOD.format(file=f'<code>{FILE}</code>')}</p>"
        f"{_part('writing', _model(now['model'], said['model'], settings, free), numbers['sentences'])}"
        f"{_part('finding', numbers['depth'], numbers['evidence'])}"
        f"{_part('verifying', _share('confidence', now, said), _choice('strict', words.STRICT, now, said))}"
        f"{_part('looks', _choice('theme', words.THEMES, {'theme': 'system'}, None))}</section>"
    )


def notice(text: str, *, changed: bool, fault: bool = False, field: str = "", value: object = "") -> str:
    """What came of the last change, and the way back; after a fault, the `field` that goes back to its `value`."""
    back = f'<button type="button" class="quiet" data-back>{words.SETTINGS_BACK}</button>' if changed else ""
    name = "fault" if fault else "notice"
    undo = f' data-field="{exact(field)}" data-value="{exact(str(value))}"' if field else ""
    role = "alert" if fault else "status"
    return f'<div class="told"{undo}><p class="{name}" role="{role}">{esc(text)}</p>{back}</div>'


def kept(places: Sequence[Place], keys: Sequence[Key], *, told: bool) -> str:
    """What is stored where, and which providers' keys are set; whole paths only where they may be `told`."""
    rows = "".join(
        f'<div class="kept"><dt>{esc(one.name)}<span>{esc(one.about)}</span></dt><dd>'
        f"<code>{esc(str(one.path) if told else one.path.name)}</code>"
        f"<span>{words.NOTHING_YET if one.size is None else words.size(one.size)}</span></dd></div>"
        for one in places
    )
    shown = "".join(
        f'<div class="kept"><dt>{esc(one.provider)}</dt><dd><code>{esc(one.variable)}</code>'
        f"<span>{words.KEY_SET if one.is_set else words.KEY_UNSET}</span></dd></div>"
        for one in keys
    )
    return (
        f'<section class="room settings">{_heading("stored")}<p>{words.STORED_MORE}</p><dl>{rows}</dl>'
        f"{_heading('keys')}<p>{words.KEYS_MORE}</p><dl>{shown}</dl></section>"
    )


def shown_as(name: str, value: Any) -> Any:
    """A preference's value as its control holds it."""
    return round(100 * value) if name == "confidence" else value


def _signed_in(user: str) -> str:
    if not user:
        return ""
    name = f"<b>{esc(user)}</b>"
    return (
        f'<form class="who" method="post" action="sign-out"><span>{words.SIGNED_IN_AS.format(name=name)}</span>'
        f'<button class="quiet">{words.SIGN_OUT}</button></form>'
    )


def _heading(part: str) -> str:
    return f'<h2 class="eyebrow" id="settings-{part}">{words.PARTS_OF_SETTINGS[part]}</h2>'


def _part(part: str, *rows: str) -> str:
    return f'<div role="group" aria-labelledby="settings-{part}">{_heading(part)}{"".join(rows)}</div>'


def _row(name: str, control: str, said: str = "", *, label: bool = True) -> str:
    title, about = words.PREFERENCES[name]
    more = f" {words.SETTINGS_SAYS.format(value=esc(said))}" if said else ""
    head = f'<label for="set-{name}">{title}</label>' if label else f'<b id="label-{name}">{title}</b>'
    return f'<div class="row" data-row="{name}"><div>{head}<p id="about-{name}">{about}{more}</p></div>{control}</div>'


def _number(name: str, value: int, said: int) -> str:
    low, high = bounds(name)
    control = (
        f'<input id="set-{name}" data-set="{name}" type="number" inputmode="numeric" min="{low}" max="{high}"'
        f' step="1" value="{value}" aria-describedby="about-{name}">'
    )
    return _row(name, control, f"{said}")


def _share(name: str, now: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    per_cent = shown_as(name, now[name])
    control = (
        f'<div class="share"><input id="set-{name}" data-set="{name}" type="range" min="0" max="100" step="5"'
        f' value="{per_cent}" aria-describedby="about-{name}"><output for="set-{name}">{per_cent}%</output></div>'
    )
    return _row(name, control, words.share(said[name]))


def _choice(name: str, choices: Mapping[str, str], now: Mapping[str, Any], said: Mapping[str, Any] | None) -> str:
    chosen = str(now[name]).lower()
    options = "".join(
        f'<label><input type="radio" name="set-{name}" data-set="{name}" value="{value}"'
        f"{' checked' if value == chosen else ''}><span>{text}</span></label>"
        for value, text in choices.items()
    )
    told = choices[str(said[name]).lower()] if said else ""
    control = f'<div class="choice" role="radiogroup" aria-labelledby="label-{name}">{options}</div>'
    return _row(name, control, told, label=False)


def _model(now: str, said: str, settings: Settings, free: bool) -> str:
    models = list(dict.fromkeys([*offered(settings), now]))
    options = "".join(
        f'<option value="{exact(one)}"{" selected" if one == now else ""}>{esc(_called(one))}</option>'
        for one in models
    )
    other = f'<option value="{OTHER}">{words.OTHER_MODEL}</option>' if free else ""
    typed = (
        f'<input class="other" data-other aria-label="{words.OTHER_LABEL}" placeholder="{words.OTHER_HINT}"'
        f' maxlength="{LONGEST}" autocomplete="off" autocapitalize="none" spellcheck="false" hidden>'
    )
    hint = "" if any(one.startswith("local:") for one in models) else f'<p class="where">{words.TO_PULL}</p>'
    control = (
        f'<div class="pick"><select id="set-model" data-set="model" aria-describedby="about-model">{options}{other}'
        f"</select>{typed if free else ''}{hint}</div>"
    )
    return _row("model", control, _called(said))


def _called(model: str) -> str:
    return words.QUOTES_ONLY if model == EXTRACTIVE else model
