CREATE TABLE IF NOT EXISTS meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS documents (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    source      TEXT NOT NULL UNIQUE,
    sha256      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    title       TEXT NOT NULL,
    date        TEXT,
    language    TEXT,
    media_type  TEXT NOT NULL,
    metadata    TEXT NOT NULL,
    searched    TEXT NOT NULL,
    indexed_at  TEXT NOT NULL,
    characters  INTEGER NOT NULL,
    page_count  INTEGER NOT NULL,
    passage_count INTEGER NOT NULL,
    text        TEXT NOT NULL  -- last, so that a list of documents need not read past it
) STRICT;

CREATE INDEX IF NOT EXISTS stamps ON documents (source, sha256, size, mtime_ns);  -- read alone, without the texts

CREATE TABLE IF NOT EXISTS pages (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    start    INTEGER NOT NULL,
    "end"    INTEGER NOT NULL,
    PRIMARY KEY (document, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS headings (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start    INTEGER NOT NULL,
    "end"    INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (document, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id TEXT NOT NULL,
    document   INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start      INTEGER NOT NULL,
    "end"      INTEGER NOT NULL,
    page_first INTEGER,
    page_last  INTEGER,
    heading    TEXT NOT NULL,
    text       TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS passages_of_document ON passages (document);

CREATE TABLE IF NOT EXISTS vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    vector  BLOB NOT NULL,
    digest  BLOB NOT NULL DEFAULT x''  -- of the text that was embedded, so that it need not be embedded again
) STRICT;
CREATE INDEX IF NOT EXISTS vectors_by_digest ON vectors (digest);

CREATE TABLE IF NOT EXISTS removed (  -- so that indexes derived from the library learn what to forget
    passage    INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS removed_since ON removed (generation);

CREATE TABLE IF NOT EXISTS failures (
    source TEXT PRIMARY KEY,
    error  TEXT NOT NULL,
    kind   TEXT NOT NULL,
    at     TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE IF NOT EXISTS lexicon USING fts5 (
    title, heading, text,
    content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE IF NOT EXISTS lexicon_words USING fts5vocab (lexicon, row);
