"""Passive presentation attack detection from one frame: a small network that tells people from pictures of people.

    python pad.py prepare [SHARDS [FIRST]]  # simulated presentations, 4 000 a shard
    python pad.py measures                  # the fixed presentations that measure, from validation people
    python pad.py train MINUTES [GROUP]     # goes on from its checkpoint; GROUP (print, cut_out, screen) is left out
    python pad.py export                    # models/builtin/pad.onnx
    python pad.py evaluate [FILE]           # all figures of the card; `teacher` measures the reference
    python pad.py unseen                    # APCER of each group by the network trained without it

Contract of the family `minifasnet`: face box scaled 2.7 about its centre inside the frame, 80x80 BGR 0-255, three
logits: 0 print-like attack, 1 bona fide, 2 screen-like attack.
"""

import json
import sys

import cv2
import numpy as np
import torch
from scipy.stats import beta
from torch import nn
from torch.nn import functional as F

import attacks
import teachers
from attacks import BONA_FIDE, CLASSES, GROUPS, SPECIES
from datasets import DATASETS, SEED, WORK, folder
from exporting import PACK, export
from schedule import Schedule, threads

KINDS = (BONA_FIDE, *SPECIES)
A_SHARD, BONA_FIDE_SHARE = 4_000, 0.45
MEASURED = {BONA_FIDE: 1500, **{name: 400 for name in SPECIES}}
RENDERED_AS = {"in_person": BONA_FIDE, "print": "print", "screen": "tablet", "cut_out": "cut_out"}
EXPOSURES = (0.35, 0.6, 1.0, 1.5, 2.0)


def prepare(shards, first=0):
    """Writes the shards from `first` on that are missing: views [n, 80, 80, 3] BGR and kinds [n], places in KINDS."""
    home, scenes = folder("pad"), attacks.Scenes("training")
    for shard in range(first, shards):
        file = home / f"shard-{shard:03}.npz"
        if file.exists():
            continue
        rng = np.random.default_rng([SEED, 7, shard])
        kinds = np.where(rng.random(A_SHARD) < BONA_FIDE_SHARE, 0, rng.integers(1, len(KINDS), A_SHARD))
        views = np.stack([attacks.presentation(rng, scenes, KINDS[kind]) for kind in kinds])
        np.savez(file.with_suffix(".part.npz"), views=views, kinds=kinds.astype(np.uint8))
        file.with_suffix(".part.npz").replace(file)
        print(f"shard {shard}", flush=True)


def measures():
    """kind -> views from validation people only, drawn once with a fixed seed."""
    file = folder("pad") / "measures.npz"
    if not file.exists():
        scenes, kept = attacks.Scenes("validation"), {}
        for place, kind in enumerate(KINDS):
            rng = np.random.default_rng([SEED, 8, place])
            kept[kind] = np.stack([attacks.presentation(rng, scenes, kind) for _ in range(MEASURED[kind])])
        np.savez(file, **kept)
    return dict(np.load(file))


def rendered(measuring):
    """(views, kinds) of the synthetic subject as rendered: `rendered/train` teaches, `rendered/validation` (other persons)
    measures. Empty where there are none."""
    home, rows = WORK / "rendered" / ("validation" if measuring else "train"), []
    lines = (home / "truth.jsonl").read_text().splitlines() if (home / "truth.jsonl").exists() else []
    for line in lines:
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:  # the line that is being written
            break
    file = folder("pad") / f"rendered-{'measures' if measuring else 'training'}-{len(rows)}.npz"
    if not rows:
        return np.zeros((0, attacks.SIDE, attacks.SIDE, 3), np.uint8), np.zeros(0, np.uint8)
    if not file.exists():
        rng, views, kinds = np.random.default_rng(SEED + measuring), [], []
        for row in rows:
            picture, box = cv2.imread(str(home / row["file"])), np.array(row["box"])
            for _ in range(1 if measuring else 2):
                moved = box + rng.normal(0, 0.03, 4) * box[[2, 3, 2, 3]]
                views.append(attacks.crop_inside(picture, moved))
                kinds.append(KINDS.index(RENDERED_AS[row["presentation"]]))
        np.savez(file, views=np.stack(views), kinds=np.array(kinds, np.uint8))
    stored = np.load(file)
    return stored["views"], stored["kinds"]


class Block(nn.Module):
    """Two 3x3 convolutions around a shortcut."""

    def __init__(self, inner, outer, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU(inplace=True),
            nn.Conv2d(outer, outer, 3, 1, 1, bias=False), nn.BatchNorm2d(outer),
        )
        self.side = None if stride == 1 and inner == outer else nn.Sequential(nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x):
        return F.relu(self.body(x) + (x if self.side is None else self.side(x)))


class Pad(nn.Module):
    """About 22 million multiplications a view; input N x 3 x 80 x 80 BGR 0-255, output three logits."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 24, 5, 2, 2, bias=False), nn.BatchNorm2d(24), nn.ReLU(inplace=True),
            Block(24, 32, 2), Block(32, 56, 2), Block(56, 56), Block(56, 80, 2),
        )
        self.place = nn.Sequential(nn.Conv2d(80, 80, 5, groups=80, bias=False), nn.BatchNorm2d(80))
        self.last = nn.Linear(80, 3)

    def forward(self, x):
        x = self.body((x - 127.5) / 64)
        return self.last(F.dropout(self.place(x).flatten(1), 0.2, self.training))


def loaded(group):
    """All training presentations that are there, without those of `group`: (views, kinds)."""
    views, kinds = [], []
    for file in sorted(folder("pad").glob("shard-???.npz")):
        stored = np.load(file)
        views.append(stored["views"])
        kinds.append(stored["kinds"])
    views, kinds = np.concatenate(views), np.concatenate(kinds)
    return without(views, kinds, group)


def without(views, kinds, group):
    """The presentations that do not belong to `group`."""
    keep = ~np.isin(kinds, [KINDS.index(name) for name in GROUPS.get(group, ())])
    return (views, kinds) if keep.all() else (views[keep], kinds[keep])


def balanced(rng, kinds, size):
    """Places of a batch with the share of genuine presentations that BONA_FIDE_SHARE states, whatever was left out."""
    genuine, others = np.flatnonzero(kinds == 0), np.flatnonzero(kinds != 0)
    count = round(size * BONA_FIDE_SHARE)
    return np.concatenate([rng.choice(genuine, count), rng.choice(others, size - count)])


def varied(x):
    """A batch (float BGR) mirrored and relit a little at random."""
    count = len(x)
    flip = torch.rand(count) < 0.5
    x[flip] = torch.flip(x[flip], [3])
    gain = 1 + 0.15 * torch.randn(count, 1, 1, 1) + 0.03 * torch.randn(count, 3, 1, 1)
    return (x * gain + 10 * torch.randn(count, 1, 1, 1)).clamp(0, 255)


def train(minutes, group="", size=64):
    """Learns for `minutes` in all; `group` names species that must not be seen."""
    threads()
    name = f"pad-without-{group}" if group else "pad"
    net = Pad().to(memory_format=torch.channels_last).train()
    schedule = Schedule(name, net, minutes, peak=3e-3, decay=2e-3, keep=0.998)
    rng = np.random.default_rng(SEED + schedule.steps)
    classes = torch.tensor([CLASSES[kind] for kind in KINDS])
    seen, known, looked = None, None, -1
    while schedule.open():
        if schedule.used - looked > 4 or seen is None:
            seen, known = loaded(group), without(*rendered(False), group)
            looked = schedule.used
            print(f"{len(seen[0])} simulated and {len(known[0])} rendered presentations", flush=True)
        share = size // 8 if len(known[0]) > 500 else 0
        picks = [(seen, balanced(rng, seen[1], size - share))]
        if share:
            picks.append((known, balanced(rng, known[1], share)))
        views = np.concatenate([data[0][at] for data, at in picks])
        kinds = np.concatenate([data[1][at] for data, at in picks])
        x = varied(torch.from_numpy(views).permute(0, 3, 1, 2).float()).contiguous(memory_format=torch.channels_last)
        y = classes[torch.from_numpy(kinds.astype(np.int64))]
        answers = net(x)
        loss = F.cross_entropy(answers, y, label_smoothing=0.03)
        right = ((answers.argmax(1) == 1) == (y == 1)).float().mean().item()
        schedule.step(loss, f"right {right:.3f}")
    return schedule.averaged()


def trained(group=""):
    """The averaged weights of a checkpoint."""
    net = Pad()
    name = f"pad-without-{group}" if group else "pad"
    net.load_state_dict(torch.load(folder(name) / "checkpoint.pt", weights_only=True)["mean"])
    return net.eval()


def by_torch(net):
    """Views -> probability of bona fide, by a network."""

    def score(views):
        with torch.no_grad():
            parts = [net(torch.from_numpy(np.ascontiguousarray(views[at : at + 128])).permute(0, 3, 1, 2).float()).softmax(1)[:, 1] for at in range(0, len(views), 128)]
        return torch.cat(parts).numpy()

    return score


def by_file(session):
    """Views -> probability of bona fide, by an ONNX file."""

    def score(views):
        name, answers = session.get_inputs()[0].name, []
        for view in views:
            logits = session.run(None, {name: np.ascontiguousarray(view.transpose(2, 0, 1))[None].astype(np.float32)})[0][0]
            powers = np.exp(logits - logits.max())
            answers.append(powers[1] / powers.sum())
        return np.array(answers)

    return score


def interval(wrong, count):
    """Exact 95 % interval of Clopper and Pearson."""
    low = beta.ppf(0.025, wrong, count - wrong + 1) if wrong else 0.0
    high = beta.ppf(0.975, wrong + 1, count - wrong) if wrong < count else 1.0
    return low, high


def stated(wrong):
    """`wrong` (booleans) as a share with its interval and count."""
    count, total = len(wrong), int(np.sum(wrong))
    if not count:
        return "none tried"
    low, high = interval(total, count)
    return f"{100 * total / count:.2f} % ({total} of {count}; {100 * low:.2f}-{100 * high:.2f})"


def genuine(role="validation"):
    """(LFW views as they are, UTKFace views as they are, UTKFace file names): pictures of people who never taught."""
    scenes, lfw_views, utk_views, names = attacks.Scenes(role), [], [], []
    for at in scenes.sources.usable:
        picture, face, scenic = scenes.load(at)
        view = attacks.crop_inside(picture.astype(np.uint8), face[:4])
        if scenic:
            lfw_views.append(view)
        else:
            utk_views.append(view)
            names.append(str(scenes.sources.paths[at]).rsplit("/", 1)[-1])
    return np.stack(lfw_views), np.stack(utk_views), names


def exposed(views, gain):
    """Views as a camera would give them with `gain` times the light."""
    return np.clip(views.astype(np.float32) * gain, 0, 255).astype(np.uint8)


def samples():
    """The three pictures of `pad-samples`: (name, genuine, view). They never teach."""
    detector = teachers.Detector()
    for name in ("image_T1", "image_F1", "image_F2"):
        picture = cv2.imread(str(DATASETS / "pad-samples" / f"{name}.jpg"))
        yield name, name == "image_T1", attacks.crop_inside(picture, detector.central(picture)[:4])


def evaluate(score, limit=0.5):
    """Prints every figure of the card at `limit`."""
    print(f"limit {limit}")
    for name, real, view in samples():
        print(f"{name}: {score(view[None])[0]:.3f} ({'bona fide' if real else 'attack'})")
    lfw_views, utk_views, names = genuine()
    plain = score(lfw_views)
    print(f"BPCER LFW validation as is: {stated(plain < limit)}; limits for BPCER 5 %: {np.quantile(plain, 0.05):.3f}, 1 %: {np.quantile(plain, 0.01):.3f}")
    for gain in EXPOSURES:
        print(f"BPCER LFW validation at {gain} times the light: {stated(score(exposed(lfw_views, gain)) < limit)}")
    drawn = measures()
    worn = score(drawn[BONA_FIDE])
    print(f"BPCER validation people through simulated cameras: {stated(worn < limit)}; limit for BPCER 5 %: {np.quantile(worn, 0.05):.3f}")
    light = drawn[BONA_FIDE][:, 20:60, 20:60].mean((1, 2, 3))
    for low, high in ((0, 60), (60, 100), (100, 150), (150, 190), (190, 256)):
        part = (light >= low) & (light < high)
        print(f"  face brightness {low}-{high}: {stated(worn[part] < limit)}")
    tight = score(utk_views)
    print(f"BPCER UTKFace held out (tight crops): {stated(tight < limit)}")
    groups = np.array([name.split("_")[2] if name.count("_") >= 3 else "" for name in names])
    for place, group in enumerate(("White", "Black", "Asian", "Indian", "other")):
        print(f"  {group}: {stated(tight[groups == str(place)] < limit)}")
    sexes = np.array([name.split("_")[1] for name in names])
    for place, sex in enumerate(("male", "female")):
        print(f"  {sex}: {stated(tight[sexes == str(place)] < limit)}")
    for kind in SPECIES:
        print(f"APCER {kind} (species seen in training): {stated(score(drawn[kind]) >= limit)}")
    views, kinds = rendered(True)
    if len(views):
        answers = score(views)
        for kind in sorted(set(kinds.tolist())):
            part = answers[kinds == kind]
            print(f"{'BPCER' if kind == 0 else 'APCER'} rendered {KINDS[kind]}: {stated(part < limit if kind == 0 else part >= limit)}")


def unseen():
    """APCER of every group by the network that never saw it, at limits that LFW validation sets and at 0.5."""
    lfw_views, _, _ = genuine()
    drawn = measures()
    for group, members in GROUPS.items():
        if not (folder(f"pad-without-{group}") / "checkpoint.pt").exists():
            continue
        score = by_torch(trained(group))
        plain = score(lfw_views)
        worn = score(drawn[BONA_FIDE])
        for label, limit in (("0.5", 0.5), ("BPCER 5 %", float(np.quantile(plain, 0.05))), ("BPCER 1 %", float(np.quantile(plain, 0.01)))):
            every = np.concatenate([score(drawn[name]) for name in members]) >= limit
            print(f"without {group}, limit {limit:.3f} ({label}): APCER {stated(every)}; BPCER LFW {stated(plain < limit)}; through cameras {stated(worn < limit)}")
            for name in members:
                print(f"  {name}: {stated(score(drawn[name]) >= limit)}")


def main(task, *rest):
    """Runs one task of the head of this file."""
    threads()
    if task == "prepare":
        prepare(*map(int, rest)) if rest else prepare(15)
    elif task == "measures":
        print({kind: len(views) for kind, views in measures().items()})
    elif task == "train":
        train(float(rest[0]), *rest[1:])
    elif task == "export":
        example = torch.from_numpy(measures()[BONA_FIDE][:1]).permute(0, 3, 1, 2).float()
        export(trained(), example, "pad", ["input"], ["logits"])
    elif task == "evaluate":
        source = rest[0] if rest else str(PACK / "pad.onnx")
        if source == "checkpoint":
            evaluate(by_torch(trained()))
        elif source == "teacher":
            evaluate(by_file(teachers.session("minifasnet_v2_2.7_80x80.onnx")))
        else:
            import onnxruntime

            evaluate(by_file(onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"])))
    elif task == "unseen":
        unseen()
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
