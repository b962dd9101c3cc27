"""Where documents are dropped: files and whole folders, sent one after another."""

from rag.web import words
from rag.web.markup import esc, icon


def zone(limit: int | None) -> str:
    """The place to drop on, with its two buttons. Files above `limit` bytes are not sent."""
    most = "" if limit is None else f' data-limit="{limit}"'
    return (
        f'<div class="zone" data-sending="{esc(words.SENDING)}"{most}>{icon("in")}<p class="invite">{words.UPLOAD}</p>'
        f'<div class="ways"><button type="button" class="firm" data-files>{words.UPLOAD_FILES}</button>'
        f'<button type="button" class="soft" data-folder>{words.UPLOAD_FOLDER}</button></div>'
        f'<p class="kinds">{words.UPLOAD_MORE}</p>'
        f'<input type="file" class="sr" multiple tabindex="-1" aria-label="{words.UPLOAD_FILES}">'
        f'<div class="sending" hidden><p></p><progress max="1" value="0" aria-hidden="true"></progress>'
        f'<button type="button" class="quiet" data-stop>{words.CANCEL}</button></div></div>'
    )
