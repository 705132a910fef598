"""Which pictures may teach and which only measure.

Everything is read from the folder that VISAVIS_REFERENCE_DIR names (`datasets/` and `models/` inside it); prepared
data, checkpoints and exported files go to VISAVIS_TRAINING_DIR (`target/training` in the project otherwise).

* LFW-dev: people whose role in `split.csv` is `training` teach; `validation` people (fold 5) measure.
* UTKFace part 1: pictures whose file name has a SHA-1 that is not 0 modulo 10 teach; the others measure.
"""

import csv
import hashlib
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("VISAVIS_REFERENCE_DIR", PROJECT.parent / "shared"))
DATASETS = REFERENCE / "datasets"
TEACHERS = REFERENCE / "models"
WORK = Path(os.environ.get("VISAVIS_TRAINING_DIR", PROJECT / "target" / "training"))
SEED = 20_26


def folder(name):
    """A folder for one model's prepared data, made when it is missing."""
    path = WORK / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def lfw(role):
    """(path, identity) of every LFW-dev picture with the role `training` or `validation`, in the order of the table."""
    with open(DATASETS / "lfw-dev" / "split.csv", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["role"] == role]
    return [(DATASETS / "lfw-dev" / "images" / row["image"], row["identity"]) for row in rows]


def lfw_pairs(fold):
    """(reference, probe, mated) of one fold of the listed pairs."""
    root = DATASETS / "lfw-dev"
    with open(root / "pairs.csv", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["fold"] == str(fold)]
    return [(root / "images" / r["reference"], root / "images" / r["probe"], r["mated"] in ("1", "true", "True")) for r in rows]


def held_out(name):
    """True for the tenth of UTKFace that never teaches."""
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % 10 == 0


def utkface(role):
    """Paths of UTKFace part 1 that may teach (`training`) or only measure (`validation`)."""
    paths = sorted((DATASETS / "utkface-part1" / "images").glob("*.jpg"))
    return [path for path in paths if held_out(path.name) == (role == "validation")]


def faces(role):
    """Every picture with the role, LFW first, with the share of the picture's size to add around it before a face is
    looked for (UTKFace crops are tight)."""
    return [(path, 0.16) for path, _ in lfw(role)] + [(path, 0.25) for path in utkface(role)]
