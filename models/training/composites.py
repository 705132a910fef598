"""Pictures with faces whose place is known: what teaches and measures the detector.

`annotations` asks the reference detector and the reference mesh once about every picture. `Composer` puts the pictures,
turned, scaled and relit, on backgrounds in which there is no face, and knows where each face has come to lie.
Coordinates are continuous (the centre of the first pixel is 0.5, 0.5), as in the program.
"""

import json

import cv2
import numpy as np

import distortions
import teachers
from datasets import WORK, folder, lfw, utkface

MESH_SIDE = 192
MESH_BOX_SCALE = 1.5
SURE, POSSIBLE = 0.6, 0.3
ENLARGED = 1.4  # the scale at which the reference detector's landmarks were most useful on LFW


def half(map_):
    """A 2x3 map of continuous coordinates for OpenCV, whose pixel centres are whole numbers."""
    moved = np.array(map_, np.float64)
    moved[:, 2] += moved[:, :2] @ [0.5, 0.5] - 0.5
    return moved


def moved(map_, points):
    """`points` [n, 2] through a 2x3 map."""
    return np.asarray(points) @ np.asarray(map_)[:, :2].T + np.asarray(map_)[:, 2]


def after(second, first):
    """The 2x3 map that does `first`, then `second`."""
    full = np.vstack([first, [0, 0, 1]])
    return np.asarray(second) @ full


def square(face, side, scale=MESH_BOX_SCALE):
    """The map from the picture to the landmark network's `side` x `side` crop of a face [>= 14 values]: eyes level."""
    box, right, left = face[:4], face[4:6], face[6:8]
    roll = np.arctan2(left[1] - right[1], left[0] - right[0])
    factor = side / (max(box[2], box[3]) * scale)
    cosine, sine = factor * np.cos(roll), factor * np.sin(roll)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    middle = turn @ (box[:2] + box[2:4] / 2)
    return np.hstack([turn, (side / 2 - middle)[:, None]])


class Mesh:
    """The reference mesh: 468 points of a face."""

    def __init__(self, threads=1):
        self.net = teachers.session("mediapipe_facemesh_192x192.onnx", threads)
        self.name = self.net.get_inputs()[0].name

    def __call__(self, picture, face):
        """BGR picture and a face of the detector -> ([468, 3] in picture pixels, presence 0-1)."""
        map_ = square(face, MESH_SIDE)
        crop = cv2.warpAffine(picture, half(map_), (MESH_SIDE, MESH_SIDE), flags=cv2.INTER_AREA)
        points, presence = self.raw(crop[:, :, ::-1])
        back = np.linalg.inv(np.vstack([map_, [0, 0, 1]]))[:2]
        depth = points[:, 2:] * np.hypot(*back[:, 0])
        return np.hstack([moved(back, points[:, :2]), depth]), presence

    def raw(self, rgb):
        """uint8 [192, 192, 3] RGB -> ([468, 3] in its pixels, presence 0-1)."""
        batch = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None].astype(np.float32) / 255)
        points, presence = self.net.run(["out0", "out1"], {self.name: batch})
        return points.reshape(468, 3), float(np.ravel(presence)[0])


def annotations(role):
    """What the teachers say about every picture of a role (`training`, `validation`), asked once and kept.

    A dictionary of arrays: `path`; `first` and `count` of its rows in `faces` [n, 15] (as the detector gives them, down to
    score POSSIBLE); `mesh` [pictures, 468, 3] and `presence` of the central face; all in pixels of the picture."""
    file = folder("detector") / f"annotations-{role}.npz"
    if not file.exists():
        detector, mesh = teachers.Detector(POSSIBLE), Mesh()
        wanted = [(path, 0.0, ENLARGED) for path, _ in lfw(role)] + [(path, 0.25, 1.0) for path in utkface(role)]
        kept = {"path": [], "first": [], "count": [], "mesh": [], "presence": []}
        rows = []
        for at, (path, share, scale) in enumerate(wanted):
            picture = cv2.imread(str(path))
            border = round(picture.shape[1] * share)
            seen = cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_CONSTANT)
            seen = seen if scale == 1 else cv2.resize(seen, None, fx=scale, fy=scale)
            faces = detector(seen).astype(np.float32).copy()
            faces[:, :14] /= scale
            faces[:, :2] -= border
            faces[:, 4:14] -= border
            if not len(faces):
                continue
            middle = np.array([picture.shape[1], picture.shape[0]]) / 2
            away = ((faces[:, :2] + faces[:, 2:4] / 2 - middle) ** 2).sum(1) / (faces[:, 2] * faces[:, 3])
            faces = faces[np.argsort(away)]
            points, presence = mesh(picture, faces[0])
            for key, value in zip(kept, (str(path), sum(map(len, rows)), len(faces), points.astype(np.float32), presence)):
                kept[key].append(value)
            rows.append(faces)
            if at % 1000 == 0:
                print(f"{role}: {at} of {len(wanted)} pictures", flush=True)
        np.savez(file, faces=np.concatenate(rows), **{key: np.array(value) for key, value in kept.items()})
    return dict(np.load(file))


class Sources:
    """Annotated pictures of a role, read from the disk when they are wanted."""

    def __init__(self, role):
        known = annotations(role)
        self.paths, self.first, self.count, self.faces = known["path"], known["first"], known["count"], known["faces"]
        self.usable = np.flatnonzero(self.faces[self.first, 14] >= SURE)
        self.scenes = np.array([at for at, path in enumerate(self.paths) if "lfw-dev" in path])
        self.rendered = rendered(role)

    def any(self, rng):
        """(picture BGR, faces [n, 15], whether its surroundings are real) with the face that counts first."""
        if self.rendered and rng.random() < 0.25:
            path, faces = self.rendered[rng.integers(len(self.rendered))]
            if faces[0, 2] < 200:
                return cv2.imread(path), faces, True
            return cv2.imread(path, cv2.IMREAD_REDUCED_COLOR_2), np.hstack([faces[:, :14] / 2, faces[:, 14:]]), True
        at = self.usable[rng.integers(len(self.usable))]
        faces = self.faces[self.first[at] : self.first[at] + self.count[at]]
        return cv2.imread(self.paths[at]), faces, "lfw-dev" in self.paths[at]

    def patch(self, rng):
        """A part of a scene without a face in it."""
        for _ in range(20):
            at = self.scenes[rng.integers(len(self.scenes))]
            faces = self.faces[self.first[at] : self.first[at] + self.count[at], :4]
            size = rng.integers(30, 130, 2)
            corner = [rng.integers(0, 250 - side) for side in size]
            low, high = faces[:, :2] - 0.15 * faces[:, 2:4], faces[:, :2] + 1.15 * faces[:, 2:4]
            if not ((low < np.add(corner, size)) & (high > corner)).all(1).any():
                picture = cv2.imread(self.paths[at])
                return picture[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]]
        return np.full((40, 40, 3), rng.integers(0, 256, 3), np.uint8)


def rendered(role):
    """(path, faces [1, 15]) of the rendered frames there are: the reference detector's answer, the renderer's truth where it has
    none. Empty where none have been made."""
    home = WORK / "rendered" / ("train" if role == "training" else "validation")
    file = folder("detector") / f"rendered-{role}.npz"
    lines = (home / "truth.jsonl").read_text().splitlines() if (home / "truth.jsonl").exists() else []
    known = dict(zip(*(np.load(file)[key] for key in ("names", "faces")))) if file.exists() else {}
    detector, fresh = None, 0
    for line in lines:
        try:
            truth = json.loads(line)
        except ValueError:  # the last line may still be written
            continue
        if truth["file"] in known or not (home / truth["file"]).exists():
            continue
        detector = detector or teachers.Detector(0.5)
        points = [truth["landmarks"][name] for name in ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")]
        face = np.array([*truth["box"], *np.ravel(points), 1.0], np.float32)
        picture = cv2.imread(str(home / truth["file"]))
        scale = min(1.4, 140 / face[2])
        found = detector(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)).copy()
        found[:, :14] /= scale
        like = overlap(found[:, :4], face) if len(found) else np.zeros(1)
        known[truth["file"]] = np.append(found[np.argmax(like)][:14], 1.0).astype(np.float32) if like.max() > 0.4 else face
        fresh += 1
    if fresh:
        np.savez(file, names=np.array(list(known)), faces=np.stack(list(known.values())))
        print(f"{len(known)} rendered frames for {role}", flush=True)
    return [(str(home / name), face[None]) for name, face in known.items()]


def pattern(rng, width, height):
    """A generated texture: waves, blobs, stripes or rectangles, in two colours."""
    kind = rng.integers(4)
    if kind == 0:
        field = np.zeros((height, width), np.float32)
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        for _ in range(rng.integers(1, 5)):
            along = rng.uniform(0.01, 0.6) * np.array([np.cos(a := rng.uniform(0, np.pi)), np.sin(a)])
            field += np.sin(rows * along[0] + columns * along[1] + rng.uniform(0, 6.3))
    elif kind == 1:
        cells = int(rng.integers(3, 40))
        field = cv2.resize(rng.standard_normal((cells, cells), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    else:
        field = np.zeros((height, width), np.float32)
        for _ in range(rng.integers(3, 30)):
            x, y, w, h = (int(v) for v in (rng.integers(-20, width), rng.integers(-20, height), rng.integers(3, width // 2), rng.integers(3, height // 2)))
            level = float(rng.uniform(-2, 2))
            if kind == 2:
                cv2.rectangle(field, (x, y), (x + w, y + h), level, -1 if rng.random() < 0.7 else 2)
            else:
                cv2.ellipse(field, (x, y), (w // 2, h // 2), float(rng.uniform(0, 180)), 0, 360, level, -1 if rng.random() < 0.7 else 2)
    share = 1 / (1 + np.exp(-field))[:, :, None]
    return share * rng.uniform(0, 255, 3).astype(np.float32) + (1 - share) * rng.uniform(0, 255, 3).astype(np.float32)


def background(rng, sources, width, height):
    """A frame without a face: a wall, a generated texture, a part of a scene, or a board of such parts."""
    kind = rng.random()
    if kind < 0.15:
        corners = rng.uniform(0, 255, (1, 1, 3)) + rng.uniform(-40, 40, (2, 2, 3))
        return cv2.resize(corners.astype(np.float32), (width, height))
    if kind < 0.3:
        return pattern(rng, width, height).astype(np.float32)
    if kind < 0.7:
        return cv2.resize(sources.patch(rng), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    board = np.empty((height, width, 3), np.uint8)
    across, down = rng.integers(1, 5), rng.integers(1, 4)
    xs, ys = np.linspace(0, width, across + 1).astype(int), np.linspace(0, height, down + 1).astype(int)
    for left, right in zip(xs, xs[1:]):
        for top, bottom in zip(ys, ys[1:]):
            board[top:bottom, left:right] = cv2.resize(sources.patch(rng), (right - left, bottom - top))
    return board.astype(np.float32)


def mirrored(faces, width):
    """Faces of a picture `width` wide as they lie in its mirror image."""
    faces = faces.copy()
    faces[:, 0] = width - faces[:, 0] - faces[:, 2]
    points = faces[:, 4:14].reshape(-1, 5, 2)[:, [1, 0, 2, 4, 3]]
    points[:, :, 0] = width - points[:, :, 0]
    faces[:, 4:14] = points.reshape(-1, 10)
    return faces


def turned(map_, faces):
    """Faces through a similarity: upright boxes of the scaled size about the moved centres."""
    faces = faces.copy()
    scale = np.hypot(*np.asarray(map_)[:, 0])
    middle = moved(map_, faces[:, :2] + faces[:, 2:4] / 2)
    faces[:, 2:4] *= scale
    faces[:, :2] = middle - faces[:, 2:4] / 2
    faces[:, 4:14] = moved(map_, faces[:, 4:14].reshape(-1, 2)).reshape(-1, 10)
    return faces


def shrunk(picture, map_):
    """The picture halved, with the map adapted, until the map shrinks it little: no detail may alias."""
    map_ = np.array(map_, np.float64)
    scale = np.hypot(*map_[:, 0])
    if scale < 0.7:
        size = [max(4, round(side * scale)) for side in (picture.shape[1], picture.shape[0])]
        back = [picture.shape[1] / size[0], picture.shape[0] / size[1]]
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        map_[:, :2] = map_[:, :2] * back
    return picture, map_


def overlap(boxes, box):
    """Intersection over union of `boxes` [n, 4] with one box, all x, y, width, height."""
    low = np.maximum(boxes[:, :2], box[:2])
    high = np.minimum(boxes[:, :2] + boxes[:, 2:4], box[:2] + box[2:4])
    shared = np.clip(high - low, 0, None).prod(1)
    return shared / (boxes[:, 2] * boxes[:, 3] + box[2] * box[3] - shared + 1e-9)


def inside(faces, width, height):
    """Share of each face's box that lies in the frame."""
    low = np.clip(faces[:, :2], 0, [width, height])
    high = np.clip(faces[:, :2] + faces[:, 2:4], 0, [width, height])
    return (high - low).prod(1) / (faces[:, 2] * faces[:, 3])


def compose(rng, sources, width, height, widths):
    """A frame with a face of each of `widths` (frame pixels) where there is room.

    -> BGR float32 picture, faces [n, 15] that count, faces [m, 15] that neither count nor are wrong (cut off, unsure)."""
    frame, placed = background(rng, sources, width, height), np.zeros((0, 15), np.float32)
    whole = len(widths) > 0 and rng.random() < 0.4
    for turn_, wanted in enumerate(widths):
        picture, faces, real = sources.any(rng)
        if rng.random() < 0.5:
            faces = mirrored(faces, picture.shape[1])
            picture = picture[:, ::-1]
        face = faces[0]
        scale, angle = wanted / face[2], np.radians(rng.normal(0, 8) if rng.random() < 0.85 else rng.uniform(-35, 35))
        turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        tall = wanted * face[3] / face[2]
        full = whole and turn_ == 0 and real
        for _ in range(6):
            reach = 0.0 if rng.random() < 0.9 else 0.35
            spot = [rng.uniform(min(side, extent) * (0.5 - reach), side - min(side, extent) * (0.5 - reach)) for side, extent in ((width, wanted), (height, tall))]
            map_ = np.hstack([turn, (spot - turn @ (face[:2] + face[2:4] / 2))[:, None]])
            if full:
                keep = None
                break
            # The part of the source that is taken along, in source pixels.
            out = rng.uniform(0.15, 0.9, 4) * face[[2, 3, 2, 3]]
            low = np.maximum(face[:2] - out[:2], 0)
            high = np.minimum(face[:2] + face[2:4] + out[2:], [picture.shape[1], picture.shape[0]])
            corners = moved(map_, [low, [high[0], low[1]], high, [low[0], high[1]]])
            span = np.hstack([corners.min(0), np.ptp(corners, 0)])
            if not len(placed) or overlap(placed[:, :4], span).max() == 0:
                keep = (low, high)
                break
        else:
            continue
        taken, blur = turned(map_, faces), rng.uniform(0.01, 0.06) * wanted if rng.random() < 0.6 else 0.0
        left, top, right, bottom = 0, 0, width, height
        if keep is not None:  # only the part of the frame that changes is drawn
            left, top = (max(0, int(v - 2 * blur - 1)) for v in span[:2])
            right, bottom = (min(side, int(v + 2 * blur + 2)) for side, v in zip((width, height), span[:2] + span[2:]))
            if right - left < 4 or bottom - top < 4:
                continue
        small, small_map = shrunk(picture, after([[1, 0, -left], [0, 1, -top]], map_))
        layer = cv2.warpAffine(small, half(small_map), (right - left, bottom - top), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        if rng.random() < 0.5:
            layer = distortions.lit(rng, layer)
        if keep is None:
            frame = layer
        else:
            mask = np.zeros(layer.shape[:2], np.float32)
            corners = corners - [left, top]
            if rng.random() < 0.3:
                axes = (keep[1] - keep[0]) * scale
                cv2.ellipse(mask, (tuple(map(float, corners.mean(0))), tuple(map(float, axes)), float(-np.degrees(angle))), 1.0, -1)
            else:
                cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1.0)
            if blur > 0.5:
                mask = cv2.GaussianBlur(mask, (0, 0), blur)
            part = frame[top:bottom, left:right]
            part += mask[:, :, None] * (layer - part)
            source_middle = faces[:, :2] + faces[:, 2:4] / 2
            within = ((source_middle > keep[0]) & (source_middle < keep[1])).all(1)
            within[0] = True
            taken = taken[within]
        placed = np.concatenate([placed, taken])
    visible = inside(placed, width, height)
    placed, visible = placed[visible > 0.05], visible[visible > 0.05]
    counts = (visible > 0.7) & (placed[:, 14] >= SURE)
    return frame, placed[counts], placed[~counts]
