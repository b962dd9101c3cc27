"""What the library's room does: take documents in, remove them and bring them back, and work through the ledger."""

import time
from collections.abc import Sequence

from rag.errors import NoSuchSource
from rag.types import Failure, IngestReport
from rag.web import incoming, ledger, render, room, seeds, words
from rag.web.desk import Holdings
from rag.web.faults import line
from rag.web.undoing import Bin, Removed, restoring
from rag.web.uploads import Adds, Intake, Job, Line, Tell, Upload, arrival


class Keeper:
    """Keeps one library. Faults become one clear line; the rest goes to the log. Safe for threads."""

    def __init__(self, library: Holdings) -> None:
        self._library = library
        self._bin = Bin()
        self.intake = Intake()

    def add(self, files: Sequence[Upload], refused: Sequence[Line] = ()) -> None:
        """Takes uploaded files in, after those that wait; `refused` never arrived."""
        self.intake.put([arrival(self._library, file) for file in files], refused)

    def add_examples(self) -> str:
        """Takes in the example documents; says so where there are none."""
        place = seeds.folder()
        if place is None:
            return render.alert(words.NO_SEEDS)
        self.intake.put([_again(self._library, str(file), file.name) for file in sorted(place.iterdir())])
        return ""

    def found(self, wanted: str) -> str:
        """The documents whose title, name, kind or language holds the words of `wanted`."""
        try:
            return room.found(self._library.documents(), wanted)
        except Exception as error:
            return render.alert(line(error))

    def read(self, source: str) -> str:
        """One document, to be read whole."""
        try:
            return room.reading(self._library.document(source), time.monotonic_ns())
        except Exception as error:
            return render.alert(line(error))

    def told(self) -> str:
        """How the documents fare that are or were last taken in."""
        return incoming.intake(self.intake.lines(), busy=self.intake.busy)

    def remove(self, source: str) -> str:
        """Removes one document or one row of the ledger, named by its source, and says how to bring it back."""
        try:
            entry = next((one for one in self._library.documents() if one.source == source), None)
            failed = any(one.source == source for one in self._library.failures())
            if entry is None and not failed:
                return render.alert(words.NOTHING_REMOVED)
            document = self._library.document(source) if entry else None
            title = entry.title if entry else words.name(source)
            kept = Removed(source, title, document, self._bin.copy(source))
            self._library.remove(source)
            return room.removed(title, self._bin.keep(kept), is_document=entry is not None)
        except Exception as error:
            return render.alert(line(error))

    def undo(self, name: str) -> str:
        """Brings back what was removed under `name`; says so where that is too late."""
        removed = self._bin.take(name)
        if removed is None:
            return render.alert(words.TOO_LATE)
        self.intake.put([restoring(self._library, removed)])
        return room.notice(words.BROUGHT_BACK.format(title=removed.title)) if removed.document else ""

    def retry(self, source: str, password: str | None = None) -> str:
        """Reads a file of the ledger again; `password` opens it, is used once, and is kept nowhere."""
        try:
            failure = self._failure(source)
        except Exception as error:
            return render.alert(line(error))
        if failure is None:
            return render.alert(words.NOT_IN_LEDGER)
        if ledger.wants_password(failure) and not password:
            return render.alert(words.SEALED.format(name=words.name(source)))
        self.intake.put([_again(self._library, source, room.path_of(source), password)])
        return ""

    def _failure(self, source: str) -> Failure | None:
        return next((one for one in self._library.failures() if one.source == source), None)


def _again(library: Adds, source: str, name: str, password: str | None = None) -> Job:
    def run(tell: Tell) -> IngestReport:
        try:
            return library.add(source, password=password, progress=tell)
        except NoSuchSource:
            raise NoSuchSource(words.FILE_GONE.format(name=name)) from None

    return Job(name, run)
