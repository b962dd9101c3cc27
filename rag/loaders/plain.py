"""Text files in any encoding, kept to the character, and e-mail."""

from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import PurePosixPath

from rag.loaders.drafts import Draft, valid
from rag.loaders.encoding import decode
from rag.loaders.naming import clean_date, date_near_top, mail_date, opening_title
from rag.loaders.sources import Raw


def read_text(raw: Raw) -> Draft:
    """A text file: its own characters, whatever it means by them."""
    text, encoding = decode(raw.data, raw.name)
    prose = PurePosixPath(raw.name).suffix.lower() in ("", ".txt", ".text")
    title = opening_title(text) if prose else None
    return Draft(text, "text/plain", title=title, date=date_near_top(text), metadata={"encoding": encoding})


def read_mail(raw: Raw) -> Draft:
    """An e-mail: From, To, Date and Subject as its first lines, then its text; attachments by name in the metadata."""
    message = message_from_bytes(raw.data, policy=policy.default)
    fields = {field: _header(message, field) for field in ("From", "To", "Date", "Subject")}
    lines = [f"{field}: {value}" for field, value in fields.items() if value]
    body = _body(message, raw)
    names = [name for part in message.walk() if (name := part.get_filename())]
    return Draft(
        valid("\n".join(lines) + "\n\n" + body.text.strip("\n") + "\n" if body.text.strip() else "\n".join(lines)),
        "message/rfc822",
        title=fields["Subject"],
        date=mail_date(fields["Date"]) or clean_date(fields["Date"]),
        metadata=({"attachments": ", ".join(names)} if names else {}) | body.metadata,
    )


def _header(message: Message, field: str) -> str:
    try:
        value = message[field]
    except (ValueError, IndexError, AttributeError, TypeError):  # headers that the standard parser trips over
        value = dict(message.raw_items()).get(field, "")
    return " ".join(str(value or "").split())


def _body(message: EmailMessage, raw: Raw) -> Draft:
    nothing = Draft("", "text/plain")
    part = message.get_body(("plain", "html"))
    if part is None:
        return nothing
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return nothing
    text, _ = decode(payload, raw.name, part.get_content_charset())
    if part.get_content_type() == "text/html":
        from rag.loaders.markup import whole_page

        return whole_page(text)
    return Draft(text, "text/plain")
