"""Gathers the people that taught nothing, one folder each, for the calibration that ships with the pack.

    python calibration.py DIR
    visavis evaluate calibration --root DIR --data "…" --output ../builtin/calibration.toml

Links to the pictures of the LFW validation people and of the tenth of UTKFace that is held out (one person a picture).
"""

import sys
from pathlib import Path

from datasets import lfw, utkface


def main(target):
    """Fills the folder `target`."""
    target = Path(target)
    known = [(path, f"lfw-{person}") for path, person in lfw("validation")]
    known += [(path, f"utkface-{number:04}") for number, path in enumerate(utkface("validation"))]
    for path, person in known:
        (target / person).mkdir(parents=True, exist_ok=True)
        link = target / person / path.name
        if not link.exists():
            link.symlink_to(path.resolve())
    print(f"{len(known)} pictures of {len({person for _, person in known})} people")


if __name__ == "__main__":
    main(*sys.argv[1:])
