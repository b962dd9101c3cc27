"""The lexicon, and how it is made from WordNet's files."""

import json
from pathlib import Path

from rag.trust import lexicon, wordnet

RISE = "00000001 30 v 02 rise 0 go_up 1 001 ! 00000002 v 0101 00 | move upward\n"
FALL = "00000002 30 v 01 fall 0 001 ! 00000001 v 0101 00 | move downward\n"
PARIS = "00000003 15 n 01 Paris 0 000 | a city\n"


def test_wordnet_files_become_forms_antonyms_and_common_words(tmp_path: Path) -> None:
    for kind in wordnet.KINDS:
        (tmp_path / f"data.{kind}").write_text(
            "  1 a licence, indented\n" + {"verb": RISE + FALL, "noun": PARIS}.get(kind, "")
        )
    (tmp_path / "verb.exc").write_text("fell fall\nrose rise\nputting put\ngone-off go_off\n")
    for kind in ("noun", "adj"):
        (tmp_path / f"{kind}.exc").write_text("")
    (tmp_path / "cntlist.rev").write_text("fall%2:38:00:: 1 30\nparis%1:15:00:: 1 2\n")
    wordnet.main(tmp_path, tmp_path)
    made = json.loads((tmp_path / "wordnet.json").read_text())
    assert made == {"forms": {"fell": "fall", "rose": "rise"}, "antonyms": [["fall", "rise"]]}
    assert (tmp_path / "common_words.txt").read_text().splitlines()[1:] == ["fall"]


def test_the_shipped_lexicon_knows_both_lists() -> None:
    assert lexicon.opposite("rise", "fall")  # WordNet
    assert lexicon.opposite("accept", "veto") and lexicon.opposite("veto", "accept")  # our own
    assert not lexicon.opposite("rise", "rise")
