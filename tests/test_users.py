"""Users: passwords are hashed, checked and changed, and the file is nobody else's to read."""

import json
import stat
import sys
import threading
from pathlib import Path

import pytest

from rag import Library
from rag import users as users_module
from rag.cli import main
from rag.errors import BadInput, LibraryError
from rag.stores.conversations import Conversations
from rag.types import Turn
from rag.users import Users

COST = users_module._COST
GOOD, OTHER = "correct horse battery", "a wholly other one"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same method at a cost that tests can pay."""
    monkeypatch.setattr(users_module, "_COST", {"n": 2**4, "r": 8, "p": 1})


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "indexes" / "users.json")


def test_a_user_is_known_by_the_password_and_nothing_else(users: Users) -> None:
    assert users.names() == [] and not users.check("anna", GOOD)
    users.add("anna", GOOD)
    users.add("Ben", OTHER)
    assert users.names() == ["anna", "Ben"]
    assert users.check("anna", GOOD) and users.check("Ben", OTHER)
    for name, password in (("anna", OTHER), ("anna", ""), ("anna", GOOD + " "), ("Anna", GOOD), ("carla", GOOD)):
        assert not users.check(name, password)


def test_the_file_holds_no_password_and_only_its_owner_reads_it(users: Users) -> None:
    users.add("anna", GOOD)
    users.add("ben", GOOD)
    told = users.path.read_text()
    assert GOOD not in told and stat.S_IMODE(users.path.stat().st_mode) == 0o600
    kept = json.loads(told)["users"]
    assert kept["anna"]["hash"] != kept["ben"]["hash"], "the same password must not be seen to be the same"


def test_the_cost_is_the_one_that_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COST == {"n": 2**15, "r": 8, "p": 3}
    monkeypatch.setattr(users_module, "_COST", COST)
    kept = users_module._kept(GOOD, "one")
    assert (kept.n, kept.r, kept.p, len(kept.salt), len(kept.hash)) == (2**15, 8, 3, 16, 32)


@pytest.mark.parametrize("name", ["", "a b", "-anna", "anna.", "änna", "a/b", "a" * 65, "anna\n"])
def test_a_name_that_cannot_be_used_is_refused(users: Users, name: str) -> None:
    with pytest.raises(BadInput, match="a name has"):
        users.add(name, GOOD)
    assert users.names() == []


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_a_password_too_short_or_too_long_is_refused(users: Users, password: str) -> None:
    with pytest.raises(BadInput, match="10 to 1024"):
        users.add("anna", password)
    users.add("anna", GOOD)
    with pytest.raises(BadInput, match="10 to 1024"):
        users.password("anna", password)
    assert users.check("anna", GOOD)


def test_a_name_is_taken_however_it_is_written(users: Users) -> None:
    users.add("anna", GOOD)
    with pytest.raises(BadInput, match="there is a user anna already"):
        users.add("ANNA", OTHER)
    assert users.check("anna", GOOD) and users.names() == ["anna"]


def test_another_password_and_removal_show_in_the_stamp(users: Users) -> None:
    users.add("anna", GOOD)
    first = users.stamp("anna")
    users.password("anna", GOOD)
    second = users.stamp("anna")
    users.remove("anna")
    assert first and second and first != second and users.stamp("anna") is None
    for change in (users.remove, lambda name: users.password(name, GOOD)):
        with pytest.raises(BadInput, match="there is no user anna"):
            change("anna")


def test_what_another_process_changes_counts_at_once(users: Users) -> None:
    users.add("anna", GOOD)
    served = Users(users.path)
    assert served.check("anna", GOOD)
    users.password("anna", OTHER)
    assert served.check("anna", OTHER) and not served.check("anna", GOOD)
    users.remove("anna")
    assert not served.check("anna", OTHER)


def test_an_id_stays_with_its_user_and_never_goes_to_a_later_one_of_the_same_name(users: Users) -> None:
    users.add("anna", GOOD)
    users.add("ben", GOOD)
    first = users.id("anna")
    assert first and first != users.id("ben") and users.name(first) == "anna" and users.id("carla") is None
    users.password("anna", OTHER)
    assert users.id("anna") == first
    assert users.remove("anna") == first and users.name(first) == ""
    users.add("anna", GOOD)
    assert users.id("anna") not in (None, first)


def test_the_conversations_of_a_user_who_is_removed_go_in_every_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    users = Users(tmp_path / "users.json")
    for name in ("anna", "ben"):
        users.add(name, GOOD)
    anna, ben = users.id("anna") or "", users.id("ben") or ""
    for name in ("default", "harbour", "unasked"):
        with Library(tmp_path / name) as library:
            for user in (anna, ben) if name != "unasked" else ():
                library.conversations.keep(f"{name} {user}", user, Turn("What of the eels?", "They climb."))
    assert main(["users", "remove", "anna", "--index", str(tmp_path / "default")]) == 0
    told = capsys.readouterr().out
    assert told == "anna may no longer sign in; their conversations were deleted (2)\n"
    for name in ("default", "harbour"):
        kept = Conversations(tmp_path / name / "conversations.sqlite")
        assert kept.listed(anna) == [] and [one.title for one in kept.listed(ben)] == ["What of the eels?"]
        assert anna.encode() not in kept.path.read_bytes()
    assert not (tmp_path / "unasked" / "conversations.sqlite").exists()


def test_many_added_at_once_are_all_there(users: Users) -> None:
    threads = [threading.Thread(target=Users(users.path).add, args=(f"user{n}", GOOD)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(users.names()) == 12


@pytest.mark.parametrize("text", ["", "{", "[]", '{"users": {"anna": {}}}', '{"users": {"anna": {"salt": 1}}}'])
def test_a_damaged_file_lets_nobody_in_and_says_so(users: Users, text: str) -> None:
    users.path.parent.mkdir()
    users.path.write_text(text)
    with pytest.raises(LibraryError, match="cannot be read"):
        users.check("anna", GOOD)


def _piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_the_command_adds_lists_changes_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    users = Users("indexes/users.json")
    _piped(monkeypatch, f"{GOOD}\n")
    assert main(["users", "add", "anna"]) == 0
    assert users.check("anna", GOOD)
    assert "asks everybody to sign in" in capsys.readouterr().out
    _piped(monkeypatch, OTHER)
    assert main(["users", "password", "anna"]) == 0
    assert users.check("anna", OTHER)
    capsys.readouterr()
    assert main(["users", "list"]) == 0
    assert capsys.readouterr().out == "anna\n"
    assert main(["users", "remove", "anna"]) == 0
    assert users.names() == []
    assert main(["users", "remove", "anna"]) == 2
    assert capsys.readouterr().err == "pincite: there is no user anna; see: pincite users list\n"


def test_at_a_terminal_the_password_is_asked_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    typed = iter([GOOD, OTHER, GOOD, GOOD])
    monkeypatch.setattr("rag.cli.users.getpass", lambda _: next(typed))
    index = ["--index", str(tmp_path / "lib")]
    assert main(["users", "add", "anna", *index]) == 2
    assert "differ" in capsys.readouterr().err and Users(tmp_path / "users.json").names() == []
    assert main(["users", "add", "anna", *index]) == 0
    assert Users(tmp_path / "users.json").check("anna", GOOD)


def test_no_password_is_taken_as_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "add", "anna", GOOD]) == 2
    assert main(["users", "add", "anna", "--password", GOOD]) == 2


def test_the_page_is_not_served_to_others_before_somebody_must_sign_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):  # noqa: S104
        assert main(["serve", "--host", host, "--index", str(tmp_path / "lib")]) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1 and f"pincite users add NAME --index {tmp_path / 'lib'}" in told
    assert not (tmp_path / "lib").exists()
