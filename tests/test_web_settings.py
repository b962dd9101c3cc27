"""What a visitor may change, that answers obey it, and what is told of what is stored."""

import re
from pathlib import Path

import pytest

from rag import Library, Settings
from rag.errors import BadInput
from rag.models.providers import KEYS
from rag.web import form, stored, words
from rag.web.desk import Desk
from rag.web.preferences import Preferences, bounds, changed, in_force, offered
from tests.fakes import SharedWordsReranker, WordHashEmbedder
from tests.web_fakes import FakeLibrary, harbour

NONE = Preferences()
COST = "How much would the tide gate cost?"
PLANTED = "sk-planted-4f9c1d7ab2e84c55"


def change(field: str, value: object, before: Preferences = NONE, *, free: bool = True) -> Preferences:
    return changed(before, field, value, Settings(), free=free)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("depth", "40", 40),
        ("evidence", 5, 5),
        ("sentences", "1", 1),
        ("confidence", "60", 0.6),
        ("strict", "true", True),
    ],
)
def test_each_field_is_read_from_the_page(field: str, value: object, expected: object) -> None:
    now = change(field, value)
    assert getattr(now, field) == expected and in_force(now, Settings())[field] == expected
    assert in_force(NONE, Settings())[field] != expected


def test_changes_add_up_and_a_default_is_no_change() -> None:
    now = change("sentences", "1", change("depth", "40"))
    assert (now.depth, now.sentences) == (40, 1)
    assert change("sentences", "3", now) == Preferences(depth=40)
    assert change("depth", "100", Preferences(depth=40)) == NONE


@pytest.mark.parametrize("field", ["depth", "evidence", "sentences"])
def test_a_number_out_of_range_is_refused_in_one_line(field: str) -> None:
    low, high = bounds(field)
    assert low >= 1 and getattr(change(field, str(high)), field) == high
    for value in (str(low - 1), str(high + 1)):
        with pytest.raises(BadInput, match=f"^Give a number from {low} to {high}\\.$"):
            change(field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("depth", "many"),
        ("depth", ""),
        ("depth", None),
        ("strict", "perhaps"),
        ("model", " "),
        ("model", "a\nb"),
        ("model", "x" * 121),
        ("cache", "5"),
        ("base_url", "http://evil.example"),
        ("__class__", "x"),
    ],
)
def test_nothing_else_can_be_set(field: str, value: object) -> None:
    with pytest.raises(BadInput):
        change(field, value)


def test_a_model_that_cannot_be_asked_is_refused_by_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in KEYS.values():
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(BadInput, match="OPENAI_API_KEY"):
        change("model", "openai:gpt-4.1")
    with pytest.raises(BadInput, match="names no chat model"):
        change("model", "gpt")
    with pytest.raises(BadInput, match="there is no local model"):
        change("model", "local:nothing")
    assert change("model", "ollama:qwen3").model == "ollama:qwen3"


def test_where_people_sign_in_only_models_on_the_list_can_be_chosen(tmp_path: Path) -> None:
    settings = Settings(answer={"model": "ollama:qwen3"}, models=tmp_path)  # type: ignore[arg-type]
    assert offered(settings) == ["extractive", "ollama:qwen3"]
    assert changed(NONE, "model", "extractive", settings, free=False).model == "extractive"
    with pytest.raises(BadInput, match="on this list"):
        changed(NONE, "model", "openai:gpt-4.1", settings, free=False)


def test_answers_obey(tmp_path: Path) -> None:
    with Library(tmp_path / "lib", embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents(harbour())
        before = library.ask(COST, abstain=False)
        assert NONE.applied(library) is library
        brief = Preferences(sentences=1, evidence=2, depth=3).applied(library)
        answer = brief.ask(COST, abstain=False)
        assert len(answer.sentences) == 1 < len(before.sentences) and len(answer.evidence) == 2 < len(before.evidence)
        assert Preferences(confidence=1.0).applied(library).ask(COST).status == "abstained"
        assert library.settings == Settings.load()


def test_the_desk_asks_as_the_visitor_wants() -> None:
    desk = Desk(FakeLibrary(harbour()))
    marks = [
        list(desk.ask(COST, preferences=wanted))[-1].answer.count('class="mark')
        for wanted in (NONE, Preferences(sentences=1))
    ]
    assert marks[0] > marks[1] > 0
    assert words.ABSTAINED in list(desk.ask(COST, preferences=Preferences(confidence=0.95)))[-1].answer


def test_the_form_shows_what_counts_now_beside_the_default() -> None:
    shown = form.form(Preferences(depth=40, strict=True), Settings(), free=True)
    assert 'data-set="depth" type="number" inputmode="numeric" min="1" max="1000" step="1" value="40"' in shown
    assert "Default: 100." in shown and "Default: 30%." in shown
    assert re.search(r'data-set="strict" value="true" checked', shown)
    assert f'value="{form.OTHER}"' in shown and f'value="{form.OTHER}"' not in form.form(NONE, Settings(), free=False)
    for control in re.findall(r'<(?:input|select) id="(set-[a-z]+)"', shown):
        assert f'<label for="{control}">' in shown


def test_names_stand_in_the_form_as_text() -> None:
    hostile = '"><img src=x onerror=harm()>'
    settings = Settings(answer={"model": hostile})  # type: ignore[arg-type]
    shown = form.form(NONE, settings, free=True, user=hostile) + form.notice(
        hostile, changed=True, fault=True, field=hostile, value=hostile
    )
    assert "<img" not in shown


def test_what_is_stored_where_and_how_much(tmp_path: Path) -> None:
    folder, runs, users = tmp_path / "lib", tmp_path / "runs", tmp_path / "users.json"
    (folder / "originals" / "a").mkdir(parents=True)
    (folder / "originals" / "a" / "x.txt").write_bytes(b"x" * 100)
    (folder / "library.sqlite").write_bytes(b"x" * 1000)
    (folder / "map.npz").write_bytes(b"x" * 50)
    (folder / "conversations.sqlite").write_bytes(b"x" * 10)
    (folder / "conversations.sqlite-wal").write_bytes(b"x" * 20)
    users.write_bytes(b"x" * 7)
    found = {one.name: one for one in stored.places(folder, Settings(models=tmp_path / "models"), runs, users)}
    assert found[words.KEPT_INDEX].size == 1000 and found[words.KEPT_UPLOADS].size == 100
    assert found[words.KEPT_MAP].size == 50 and found[words.KEPT_TALKS].size == 30
    assert found[words.KEPT_REPLIES].about == words.OFF
    assert found[words.KEPT_MODELS].size is None and found[words.KEPT_USERS].size == 7
    told = form.kept(list(found.values()), [], told=True)
    assert str(folder / "conversations.sqlite") in told and words.NOTHING_YET in told
    assert str(tmp_path) not in form.kept(list(found.values()), [], told=False)


def test_no_key_is_ever_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in KEYS.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", PLANTED)
    keys = stored.keys()
    assert {one.variable: one.is_set for one in keys}["OPENAI_API_KEY"] and not all(one.is_set for one in keys)
    told = form.kept(stored.places(tmp_path, Settings(), tmp_path, None), keys, told=True)
    shown = told + form.form(NONE, Settings(), free=True)
    assert "OPENAI_API_KEY" in shown and PLANTED not in shown and PLANTED[-8:] not in shown
    assert words.KEY_SET in told and words.KEY_UNSET in told
