"""Writes models/builtin/manifest.toml from the exported files beside it.

    python pack.py VERSION

Hashes and sizes come from the files; measured figures and training data are copied from the head of each card, where
they stand between `---` lines as TOML, so that there is one place where a figure is written.
"""

import hashlib
import sys

from exporting import PACK

ORDER = ("detector", "landmarks", "recogniser", "pad", "mrz")

HEAD = """# Made by models/training/pack.py; do not edit. Cards and terms are beside this file.
schema = "visavis.models/1"
name = "builtin"
version = "{version}"
licence = "research and evaluation only: see LICENSE"
description = "Small models trained by this project; enough for every flow on a machine without a network."
"""


def head(card):
    """The TOML lines between the two `---` lines a card starts with."""
    lines = card.read_text(encoding="utf-8").splitlines()
    if lines[0] != "---":
        raise SystemExit(f"{card.name} does not start with ---")
    return lines[1 : lines.index("---", 1)]


def entry(role):
    """One `[[model]]` of the manifest."""
    file = PACK / f"{role}.onnx"
    content = file.read_bytes()
    stated = head(PACK / f"{role}.md")
    fixed = [
        "[[model]]",
        f'role = "{role}"',
        f'file = "{file.name}"',
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"',
        f"bytes = {len(content)}",
        'licence = "research and evaluation only"',
        f'card = "{role}.md"',
    ]
    return "\n".join(fixed + stated)


def main(version):
    """Writes the manifest."""
    entries = [entry(role) for role in ORDER if (PACK / f"{role}.onnx").exists()]
    (PACK / "manifest.toml").write_text("\n\n".join([HEAD.format(version=version).rstrip(), *entries]) + "\n", encoding="utf-8")
    print(f"{len(entries)} models")


if __name__ == "__main__":
    main(*sys.argv[1:])
