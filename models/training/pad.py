"""Passive presentation attack detection from one frame: a small network that tells people from pictures of people.

    python pad.py prepare [SHARDS [FIRST]]  # simulated presentations, 1 000 a shard
    python pad.py measures                  # the fixed presentations that measure, from validation people
    python pad.py train MINUTES [LEFT_OUT]  # goes on from its checkpoint; a group (prints, screens) or a species is left out
    python pad.py export                    # models/builtin/pad.onnx
    python pad.py evaluate [FILE]           # all figures of the card; `teacher` measures the reference
    python pad.py unseen                    # APCER of each group and species by the network trained without it

Contract of the family `minifasnet`: face box scaled 2.7 about its centre inside the frame, 80x80 BGR 0-255, three
logits: 0 print-like attack, 1 bona fide, 2 screen-like attack.
"""

import json
import multiprocessing
import sys
import time

import cv2
import numpy as np
import torch
from scipy.stats import beta
from torch import nn
from torch.nn import functional as F

import attacks
import mixtures
import teachers
from attacks import BONA_FIDE, CELLS, CLASSES, GROUPS, SPECIES
from computing import DEVICE, autocast, workers
from datasets import DATASETS, SEED, WORK, folder
from exporting import PACK, export
from graphs import Graph
from schedule import Schedule, threads

KINDS = (BONA_FIDE, *SPECIES)
A_SHARD, BONA_FIDE_SHARE = 1_000, 0.45
MEASURED = {BONA_FIDE: 1500, **{name: 400 for name in SPECIES}}
RENDERED_AS = {"in_person": BONA_FIDE, "print": "print", "screen": "tablet", "cut_out": "cut_out"}
EXPOSURES = (0.35, 0.6, 1.0, 1.5, 2.0)
RENDERED_SHARE = 0.12  # of what the network sees
TRUST = 0.3  # the weight of the head that imitates the reference
COVER, FLOOR = 0.7, -3.0  # the weight of the mean logit of a medium where the face is, and how far its absence can count
WIDTHS = (48, 72, 128, 192)  # channels at 40, 20, 10 and 5 pixels a side
BATCH = 512 if DEVICE.type == "cuda" else 64
LAID = 0.3  # of the attacks: only a part of them, laid into a genuine view
BENT, BENT_PIXELS = 0.5, 4.0  # share of all views that are bent, and by how much: no more than half a part of the covers
TAUGHT = 0.5  # share of all views about which the reference is asked
WHERE = 0.5  # the weight of finding the medium
REFRESHED = 30  # seconds between looks for new shards
CAUTION = 1.45  # taken from the logarithm of bona fide: a probability of 0.5 is where the evidence gives bona fide 0.81


def prepare(shards, first=0):
    """Writes the shards from `first` on that are missing."""
    folder("pad")
    with multiprocessing.Pool(workers()) as pool:
        for shard in pool.imap_unordered(draw, range(first, shards)):
            print(f"shard {shard}", flush=True)


def draw(shard):
    """Writes one shard: views [n, 80, 80, 3] BGR, kinds [n], places in KINDS, and covers [n, 10, 10] 0-255 of the medium."""
    cv2.setNumThreads(1)
    file = folder("pad") / f"shard-{shard:03}.npz"
    if not file.exists():
        scenes, rng = attacks.Scenes("training"), np.random.default_rng([SEED, 7, shard])
        kinds = np.where(rng.random(A_SHARD) < BONA_FIDE_SHARE, 0, rng.integers(1, len(KINDS), A_SHARD))
        views, covers = (np.stack(part) for part in zip(*(attacks.presentation(rng, scenes, KINDS[kind]) for kind in kinds)))
        np.savez(file.with_suffix(".part.npz"), views=views, kinds=kinds.astype(np.uint8), covers=covers)
        file.with_suffix(".part.npz").replace(file)
    return shard


def measures():
    """kind -> views from validation people only, drawn once with a fixed seed."""
    file = folder("pad") / "measures.npz"
    if not file.exists():
        scenes, kept = attacks.Scenes("validation"), {}
        for place, kind in enumerate(KINDS):
            rng = np.random.default_rng([SEED, 8, place])
            kept[kind] = np.stack([attacks.presentation(rng, scenes, kind)[0] for _ in range(MEASURED[kind])])
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
    """About 160 million multiplications a view; input N x 3 x 80 x 80 BGR 0-255, output three logits.

    One head learns what was presented, another what the reference network says of it, which has seen real attacks, and a third
    where in the view a medium is, part by part. The answer is a mean of the first two, in logarithms of probabilities; the mean
    logit of the third, where the face is, speaks against bona fide, and its absence for it, up to a point. A fourth head only
    teaches: it guesses the reference's features."""

    def __init__(self):
        super().__init__()
        a, b, c, d = WIDTHS
        self.near = nn.Sequential(
            nn.Conv2d(3, a, 5, 2, 2, bias=False), nn.BatchNorm2d(a), nn.ReLU(inplace=True),
            Block(a, b, 2), Block(b, b), Block(b, c, 2), Block(c, c),
        )
        self.far = Block(c, d, 2)
        self.place = nn.Sequential(nn.Conv2d(d, d, 5, groups=d, bias=False), nn.BatchNorm2d(d))
        self.presented, self.said, self.thought = nn.Linear(d, 3), nn.Linear(d, 3), nn.Linear(d, 128)
        self.covered = nn.Conv2d(c, 1, 1)

    def heads(self, x):
        """(logits of what is presented, logits of what the reference says, its features as guessed, logits [n, 10, 10] of whether a
        medium covers each part)."""
        near = self.near((x - 127.5) / 64)
        x = self.place(self.far(near)).flatten(1)
        x = F.dropout(x, 0.2, self.training)
        return self.presented(x), self.said(x), self.thought(x), self.covered(near)[:, 0]

    def forward(self, x):
        presented, said, _, covered = self.heads(x)
        both = (1 - TRUST) * presented.log_softmax(1) + TRUST * said.log_softmax(1)
        medium = F.avg_pool2d(covered[:, None, 2:8, 2:8], 6).flatten(1)
        against = CAUTION + COVER * (F.relu(medium - FLOOR) + FLOOR)
        return both - against * torch.eye(3, device=x.device)[1]


class Presentations:
    """The training presentations that are there, without those left out, on the device; `refresh` takes in new shards.

    Some of them are views [n, 3, 80, 80] float, kinds, covers [n, 10, 10] 0-1, and whether the covers are known: the renderer does
    not say where its media are."""

    def __init__(self, left_out):
        self.gone = [KINDS.index(name) for name in GROUPS.get(left_out, (left_out,)) if name]
        self.read, self.parts, self.tables = set(), [], {}
        views, kinds = rendered(False)
        self.take(views, kinds, np.zeros((len(kinds), CELLS, CELLS), np.uint8), True)
        self.refresh()

    def take(self, views, kinds, covers, by_renderer):
        """Keeps what may be seen."""
        keep = ~np.isin(kinds, self.gone)
        self.parts.append([torch.from_numpy(part[keep]).to(DEVICE) for part in (views, kinds, covers, np.full(len(kinds), by_renderer))])

    def refresh(self):
        """Reads the shards that are new."""
        fresh = [file for file in sorted(folder("pad").glob("shard-???.npz")) if file not in self.read]
        for file in fresh:
            stored = np.load(file)
            self.take(stored["views"], stored["kinds"], stored["covers"], False)
        self.read |= set(fresh)
        if fresh or not self.tables:
            self.parts = [[torch.cat(part) for part in zip(*self.parts)]]
            _, kinds, _, by_renderer = self.parts[0]
            for name, wanted in (("genuine", kinds == 0), ("attacks", kinds != 0)):
                share = sum(part * rows / rows.sum().clamp(min=1) for part, rows in ((RENDERED_SHARE, wanted & by_renderer), (1 - RENDERED_SHARE, wanted & ~by_renderer)))
                self.tables[name] = share.double().cumsum(0)
        return len(self.parts[0][1])

    def some(self, name, count):
        """`count` random ones of the `genuine` or of the `attacks`."""
        views, kinds, covers, by_renderer = self.parts[0]
        table = self.tables[name]
        at = torch.searchsorted(table, torch.rand(count, device=DEVICE, dtype=torch.float64) * table[-1]).clamp(max=len(table) - 1)
        return views[at].permute(0, 3, 1, 2).float(), kinds[at].long(), covers[at].float() / 255, ~by_renderer[at] | (kinds[at] == 0)


def mirrored(x, covers):
    """A batch and its covers with a random half mirrored."""
    flip = torch.rand(len(x), device=x.device) < 0.5
    return torch.where(flip[:, None, None, None], x.flip(3), x), torch.where(flip[:, None, None], covers.flip(2), covers)


def varied(x):
    """A batch (float BGR) relit a little at random."""
    count, device = len(x), x.device
    gain = 1 + 0.15 * torch.randn(count, 1, 1, 1, device=device) + 0.03 * torch.randn(count, 3, 1, 1, device=device)
    return (x * gain + 10 * torch.randn(count, 1, 1, 1, device=device)).clamp(0, 255)


def batch(presentations, size):
    """Views, kinds, covers and whether those are known: genuine ones, then attacks, of some of which only a part is left, laid into
    a genuine view."""
    count = round(BONA_FIDE_SHARE * size)
    parts = [presentations.some("genuine", count), presentations.some("attacks", size - count)]
    x, kinds, covers, known = (torch.cat(part) for part in zip(*parts))
    x, covers = mirrored(varied(x), covers)
    laid = slice(count, count + round(LAID * (size - count)))
    below = x[torch.randint(count, (laid.stop - laid.start,), device=DEVICE)]
    mask = mixtures.covers(len(below), attacks.SIDE, DEVICE)
    medium = covers[laid] * F.avg_pool2d(mask[:, None], attacks.SIDE // CELLS)[:, 0]
    enough = known[laid] & (medium.mean((1, 2)) > 0.08)  # else it stays whole
    mask = torch.where(enough[:, None, None], mask, 1.0)[:, None]
    covers[laid] = torch.where(enough[:, None, None], medium, covers[laid])
    x[laid] = below + mask * (x[laid] - below)
    return x, kinds, covers, known


def train(minutes, left_out="", size=BATCH):
    """Learns for `minutes` in all; `left_out` names a group or a species that must not be seen."""
    threads()
    name = f"pad-without-{left_out}" if left_out else "pad"
    net = Pad().to(DEVICE, memory_format=torch.channels_last).train()
    reference = Graph("minifasnet_v2_2.7_80x80.onnx", ["/bn/BatchNormalization_output_0", "logits"]).to(DEVICE).eval()
    classes = torch.tensor([CLASSES[kind] for kind in KINDS], device=DEVICE)
    presentations, looked = Presentations(left_out), time.monotonic()
    schedule = Schedule(name, net, minutes, peak=3e-3, decay=2e-3, keep=0.998)
    while schedule.open():
        if time.monotonic() - looked > REFRESHED:
            print(f"{name}: {presentations.refresh()} presentations", flush=True)
            looked = time.monotonic()
        x, kinds, covers, known = batch(presentations, size)
        order = torch.randperm(size, device=DEVICE)
        turned, taught = order[: int(BENT * size)], order[-int(TAUGHT * size) :]  # the reference is asked about views as they are
        x[turned] = mixtures.bent(x[turned], BENT_PIXELS)
        x = x.contiguous(memory_format=torch.channels_last)
        with autocast():
            with torch.no_grad():
                features, answer = (part.float() for part in reference(x[taught]))
            presented, said, thought, covered = (part.float() for part in net.heads(x))
        label = F.cross_entropy(presented, classes[kinds], label_smoothing=0.03)
        alike = F.kl_div(said[taught].log_softmax(1), answer.softmax(1), reduction="batchmean")
        hint = ((thought[taught] - features) ** 2).mean() / features.var()
        where = (F.binary_cross_entropy_with_logits(covered, covers, reduction="none").mean((1, 2)) * known).sum() / known.sum()
        loss = label + alike + 0.3 * hint + WHERE * where
        schedule.step(loss, lambda: f"presented {label.item():.3f} said {alike.item():.3f} thought {hint.item():.3f} where {where.item():.3f}")


def trained(left_out=""):
    """The averaged weights of a checkpoint."""
    net = Pad()
    name = f"pad-without-{left_out}" if left_out else "pad"
    net.load_state_dict(torch.load(folder(name) / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
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
    """APCER of every species and group by the network that never saw it, at limits that LFW validation sets and at 0.5."""
    lfw_views, _, _ = genuine()
    drawn = measures()
    for left_out, members in (GROUPS | {name: (name,) for name in SPECIES}).items():
        if not (folder(f"pad-without-{left_out}") / "checkpoint.pt").exists():
            continue
        score = by_torch(trained(left_out))
        plain = score(lfw_views)
        worn = score(drawn[BONA_FIDE])
        answers = {name: score(drawn[name]) for name in members}
        for label, limit in (("0.5", 0.5), ("BPCER 5 %", float(np.quantile(plain, 0.05))), ("BPCER 1 %", float(np.quantile(plain, 0.01)))):
            every = np.concatenate(list(answers.values())) >= limit
            print(f"without {left_out}, limit {limit:.3f} ({label}): APCER {stated(every)}; BPCER LFW {stated(plain < limit)}; through cameras {stated(worn < limit)}")
            for name, values in answers.items() if len(members) > 1 else ():
                print(f"  {name}: {stated(values >= limit)}")


def main(task, *rest):
    """Runs one task of the head of this file."""
    threads()
    if task == "prepare":
        prepare(*map(int, rest)) if rest else prepare(100)
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
