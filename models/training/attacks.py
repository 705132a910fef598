"""Simulated presentations of faces to a camera: in person, and seven species of presentation attack instrument.

A presentation is drawn at the resolution of the camera, already cut to what the PAD layer looks at (the face box scaled
about its centre), worn by the camera, and sampled plainly to 80x80 as the program does. What is no evidence of an attack
(blur, noise, exposure, colour cast, compression, edges of furniture, lamps, hands, flicker) is drawn into genuine
presentations as often as into attacks. Simulated species stand in for real ones; they are not real attacks.

Local coordinates: the centre of the face box is (0, 0), the width of the box is 1.
"""

import cv2
import numpy as np

import composites
import distortions

SIDE, CELLS = 80, 10
PRINTS, SCREENS = ("print", "grey_print", "cut_out"), ("tablet", "phone", "monitor", "projection")
SPECIES = (*PRINTS, *SCREENS)
GROUPS = {"prints": ("print", "grey_print"), "screens": SCREENS}
BONA_FIDE = "bona_fide"
CLASSES = {BONA_FIDE: 1, **{name: 0 for name in PRINTS}, **{name: 2 for name in SCREENS}}


def crop_inside(picture, box, scale=2.7):
    """What the program cuts: the box scaled, no larger than the picture, moved inside it, sampled plainly to 80x80."""
    height, width = picture.shape[:2]
    x, y, w, h = (float(value) for value in box[:4])
    scale = min(scale, (width - 1) / w, (height - 1) / h)
    spans = []
    for start, length, end in ((x + w / 2 - scale * w / 2, scale * w, width - 1), (y + h / 2 - scale * h / 2, scale * h, height - 1)):
        start = max(min(start, end - length), 0)
        spans.append((int(start), int(min(start + length, end)) + 1))
    (left, right), (top, bottom) = spans
    return cv2.resize(picture[top:bottom, left:right], (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def cells(cover):
    """How much of each of the 10 x 10 parts of a view a medium covers: `cover` (0-1, of any size) -> uint8 0-255."""
    return np.round(255 * cv2.resize(cover, (CELLS, CELLS), interpolation=cv2.INTER_AREA)).astype(np.uint8)


class Scenes:
    """Pictures of one role: whose face, before what."""

    def __init__(self, role):
        self.sources = composites.Sources(role)
        self.sources.rendered = []
        known = self.sources
        self.scenic = np.array(["lfw-dev" in path for path in known.paths])
        self.whole = np.array([at for at in known.usable if self.scenic[at]])
        self.tight = np.array([at for at in known.usable if not self.scenic[at]])
        self.role = role

    def load(self, at):
        """(BGR float32 picture, box and landmarks [14], whether its surroundings are there)."""
        known = self.sources
        return cv2.imread(known.paths[at]).astype(np.float32), known.faces[known.first[at]][:14].copy(), bool(self.scenic[at])

    def face(self, rng, tight=0.2):
        """A random picture; with the chance `tight` one that shows little but the face."""
        return self.load(rng.choice(self.tight if rng.random() < tight else self.whole))

    def room(self, rng, width, height):
        """Something that is not the subject, float32: a wall, a texture, a scene, or somebody's picture out of focus."""
        if rng.random() < 0.4:
            picture, _, _ = self.face(rng, 0)
            picture = cv2.resize(picture, (width, height))
            return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 4))
        return composites.background(rng, self.sources, width, height).astype(np.float32)


class View:
    """Where every pixel of the camera's crop lies in local coordinates."""

    def __init__(self, rng, aspect, reach, tilt):
        """- `aspect`: height of the face box over its width. - `reach`: (least, most) crop over box. - `tilt`: of the plane."""
        self.reach = float(rng.uniform(*reach))
        self.height = int(np.exp(rng.uniform(np.log(84), np.log(400))))
        self.width = max(40, round(self.height / aspect))
        self.unit = self.width / self.reach
        free = max(0.0, self.reach - 1) / 2
        off = rng.uniform(-0.7, 0.7, 2) * free if rng.random() < 0.25 else rng.normal(0, 0.03, 2)
        x = (np.arange(self.width, dtype=np.float32) + 0.5) / self.unit - self.reach / 2 - np.float32(off[0])
        y = (np.arange(self.height, dtype=np.float32) + 0.5) / self.unit - self.reach * aspect / 2 - np.float32(off[1] * aspect)
        self.flat_x, self.flat_y = np.meshgrid(x, y)
        angle = np.radians(rng.normal(0, 4) if rng.random() < 0.8 else rng.uniform(-20, 20))
        lean = rng.normal(0, tilt, 2)
        depth = 1 + np.float32(lean[0]) * self.flat_x + np.float32(lean[1]) * self.flat_y
        depth = np.maximum(depth, 0.4)
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        self.x = (cosine * self.flat_x + sine * self.flat_y) / depth
        self.y = (cosine * self.flat_y - sine * self.flat_x) / depth

    def shows(self, picture, face, mirror=False, scale=1.0):
        """`picture` seen with its face at the origin; beyond its edges its margin is stretched."""
        height, width = picture.shape[:2]
        middle = face[:2] + face[2:4] / 2
        pixel = face[2] * scale

        def within(at, size):
            margin = 0.1 * size
            low, high = margin, size - 1 - margin
            under, over = np.maximum(low - at, 0), np.maximum(at - high, 0)
            return np.clip(at, low, high) - margin * np.tanh(under / margin) + margin * np.tanh(over / margin)

        x = within(middle[0] + pixel * (-self.x if mirror else self.x), width)
        y = within(middle[1] + pixel * self.y, height)
        if pixel > 1.7 * self.unit:  # no detail may alias
            picture = cv2.GaussianBlur(picture, (0, 0), 0.35 * pixel / self.unit)
        return cv2.remap(picture, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)

    def slab(self, left, top, right, bottom, corner=0.0):
        """Cover, 0-1, of a rounded rectangle given in local coordinates."""
        x = np.abs(self.x - (left + right) / 2) - ((right - left) / 2 - corner)
        y = np.abs(self.y - (top + bottom) / 2) - ((bottom - top) / 2 - corner)
        far = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0) - corner
        return np.clip(0.5 - far * self.unit, 0, 1).astype(np.float32)

    def spot(self, rng, x, y, size):
        """A soft patch of light, 0-1: a lamp's or a window's mirror image."""
        angle, ratio = rng.uniform(0, np.pi), rng.uniform(0.2, 1)
        a = ((self.flat_x - x) * np.cos(angle) + (self.flat_y - y) * np.sin(angle)) / size
        b = ((self.flat_y - y) * np.cos(angle) - (self.flat_x - x) * np.sin(angle)) / (size * ratio)
        if rng.random() < 0.5:
            return np.exp(-(a**2 + b**2)).astype(np.float32)
        edge = rng.uniform(4, 25)
        return (1 / (1 + np.exp(np.clip(edge * (np.maximum(np.abs(a), np.abs(b)) - 1), -30, 30)))).astype(np.float32)


def over(below, cover, above):
    """`above` (picture or colour) laid over `below`."""
    return below + cover[:, :, None] * (above - below)


def waves(view, period, angle, phase=0.0):
    """A sine wave across the medium, `period` in camera pixels."""
    along = (view.x * np.float32(np.cos(angle)) + view.y * np.float32(np.sin(angle))) * np.float32(2 * np.pi * view.unit / period)
    return np.cos(along + np.float32(phase))


def paper(rng, view, sheet, depth):
    """Ink on paper: dots of a halftone, bands of the print head, fibres."""
    tone = sheet / 255
    mode = rng.random()
    if mode < 0.7:
        period, angle = np.exp(rng.uniform(np.log(1.15), np.log(6))), rng.uniform(0, np.pi / 2)
        turns = angle + np.radians([15, 75, 0]) if rng.random() < 0.6 else np.full(3, angle)
        dots = np.stack([waves(view, period, a, rng.uniform(0, 6.3)) + waves(view, period, a + np.pi / 2, rng.uniform(0, 6.3)) for a in turns], 2)
        sheet = sheet + 255 * depth * dots * np.clip(3.2 * tone * (1 - tone) + 0.15, 0, 1)
    if mode > 0.5:
        period = np.exp(rng.uniform(np.log(1.5), np.log(25)))
        bands = waves(view, period, rng.choice([0, np.pi / 2]) + rng.normal(0, 0.02)) * (0.6 + 0.4 * waves(view, period * 3.7, rng.uniform(0, 3)))
        sheet = sheet * (1 + 0.8 * depth * bands[:, :, None])
    grain = rng.standard_normal(sheet.shape[:2], np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.5, 2.2))
    return sheet + (rng.uniform(20, 90) * depth * grain / (grain.std() + 1e-6))[:, :, None] * 0.6


def ink(rng, picture, grey):
    """The gamut of a printer: black is grey, white is paper, colours are dull."""
    black, white = rng.uniform(5, 55), rng.uniform(180, 252)
    paper_white = white * (1 + rng.normal(0, 0.04, 3)).astype(np.float32)
    level = picture.mean(2, keepdims=True)
    picture = level + (picture - level) * (rng.uniform(0, 0.05) if grey else rng.uniform(0.45, 1.05))
    picture = 255 * np.clip(picture / 255, 0, 1) ** np.float32(rng.uniform(0.7, 1.5))
    mix = np.eye(3) + (0 if grey else rng.normal(0, 0.04, (3, 3)))
    return black + (picture @ mix.astype(np.float32)) * ((paper_white - black) / 255)


def curled(rng, view, cover):
    """Light on a sheet that is not flat: multiplies."""
    if rng.random() < 0.5:
        return np.ones(cover.shape, np.float32)
    period = rng.uniform(1.2, 6)
    bend = waves(view, period * view.unit, rng.uniform(0, np.pi), rng.uniform(0, 6.3))
    view.x += (rng.uniform(0, 0.05) * bend).astype(np.float32)
    fold = 1 - rng.uniform(0, 0.25) * np.exp(-((view.x - rng.uniform(-0.8, 0.8)) * view.unit / rng.uniform(1, 4)) ** 2) if rng.random() < 0.2 else 1
    return ((1 + rng.uniform(0.02, 0.22) * bend) * fold).astype(np.float32)


def fingers(rng, view, picture, colour, edges):
    """Finger-like shapes that come over one of `edges` (left, top, right, bottom in local coordinates)."""
    left, top, right, bottom = edges
    side = rng.integers(4)
    for _ in range(rng.integers(1, 5)):
        share, thick, length = rng.uniform(-0.2, 1.2), rng.uniform(0.05, 0.11), rng.uniform(0.05, 0.35)
        x = (left, None, right, None)[side]
        y = (None, top, None, bottom)[side]
        if x is None:
            x, angle = left + share * (right - left), (np.pi / 2 if side == 1 else -np.pi / 2) + rng.normal(0, 0.35)
        else:
            y, angle = top + share * (bottom - top), (0 if side == 0 else np.pi) + rng.normal(0, 0.35)
        dx, dy = np.cos(angle), np.sin(angle)
        along = (view.x - x) * dx + (view.y - y) * dy
        across = (view.y - y) * dx - (view.x - x) * dy
        far = np.hypot(along - np.clip(along, -2, length), across) - thick
        cover = np.clip(0.5 - far * view.unit, 0, 1).astype(np.float32)
        round_ = (1 - 0.35 * np.clip(np.abs(across) / thick, 0, 1) ** 2)[:, :, None]
        picture = over(picture, cover, colour * round_.astype(np.float32))
    return picture


def skin(picture, face):
    """The colour about the middle of the face."""
    x, y, w, h = (int(value) for value in face[:4])
    part = picture[max(0, y + h // 2) : max(1, y + 3 * h // 4), max(0, x + w // 3) : max(1, x + 2 * w // 3)]
    return part.reshape(-1, 3).mean(0) if part.size else np.array([120.0, 140, 180], np.float32)


def reprocessed(rng, picture, poor):
    """What happened to the picture before it was shown: smaller, compressed, retouched."""
    if poor or rng.random() < 0.3:
        share = rng.uniform(0.25, 0.7) if poor else rng.uniform(0.5, 0.95)
        height, width = picture.shape[:2]
        picture = cv2.resize(picture, (max(24, int(width * share)), max(24, int(height * share))), interpolation=cv2.INTER_AREA)
        quality = int(rng.integers(8, 40) if poor else rng.integers(30, 90))
        bytes_ = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        picture = cv2.resize(cv2.imdecode(bytes_, cv2.IMREAD_COLOR).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        picture = distortions.lit(rng, picture)
    return picture


def soft(rng, canvas):
    """Focus and movement of the camera; before the texture of a medium, whose visible depth is chosen as it arrives."""
    kind = rng.random()
    if kind < 0.45:
        return cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.3, 1.0 + canvas.shape[0] / 200))
    if kind < 0.55:
        length = int(rng.integers(2, 3 + canvas.shape[0] // 30))
        kernel = np.full((1, length), 1 / length, np.float32)
        return cv2.filter2D(canvas, -1, kernel if rng.random() < 0.7 else kernel.T)
    return canvas


def webcam(rng, canvas):
    """Exposure from dark rooms to bright ones, flicker, noise, smoothing, sharpening, compression; -> uint8 80x80.
    One camera in four is a good one in good light: nearly nothing happens."""
    if rng.random() < 0.25:
        canvas = distortions.lit(rng, canvas) if rng.random() < 0.5 else canvas
        if rng.random() < 0.5:
            canvas = canvas + rng.uniform(0.2, 1.5) * (canvas - cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.7, 1.5)))
        canvas = np.clip(canvas, 0, 255) + rng.uniform(0, 2) * rng.standard_normal(canvas.shape, np.float32)
        return cv2.resize(np.clip(canvas, 0, 255).astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    height, width = canvas.shape[:2]
    canvas = distortions.lit(rng, canvas)
    exposure = rng.random()
    if exposure < 0.25:
        canvas = canvas * rng.uniform(1.1, 2.0)
    elif exposure < 0.4:
        canvas = canvas * rng.uniform(0.3, 0.8)
    if rng.random() < 0.5:
        canvas = canvas * (1 + rng.normal(0, 0.07, 3)).astype(np.float32)
    if rng.random() < 0.3:
        canvas = 255 * np.clip(canvas / 255, 0, 1) ** np.float32(rng.uniform(0.6, 1.6))
    if rng.random() < 0.08:
        canvas = canvas * (1 + rng.uniform(0.01, 0.06) * np.sin(np.arange(height) / height * rng.uniform(4, 30) + rng.uniform(0, 6)))[:, None, None]
    canvas = np.clip(canvas, 0, 255).astype(np.float32)
    if rng.random() < 0.75:
        strength = np.exp(rng.uniform(np.log(0.7), np.log(11)))
        noise = rng.standard_normal(canvas.shape, np.float32)
        if rng.random() < 0.4:
            noise = cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.4, 1.1))
            noise /= noise.std()
        canvas = canvas + strength * noise
        if rng.random() < 0.25:
            canvas = cv2.bilateralFilter(np.clip(canvas, 0, 255).astype(np.uint8), 5, 3 * strength + 6, 2).astype(np.float32)
    if rng.random() < 0.4:
        smooth = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.7, 1.8))
        canvas = canvas + rng.uniform(0.3, 1.5) * (canvas - smooth)
    canvas = np.clip(canvas, 0, 255).astype(np.uint8)
    for _ in range(1 + (rng.random() < 0.2)):
        if rng.random() < 0.7:
            canvas = cv2.imdecode(cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 97))])[1], cv2.IMREAD_COLOR)
    return cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def clutter(rng, view, canvas, scenes):
    """What stands beside genuine people and must not speak against them: frames on the wall, lamps, a raised hand."""
    if rng.random() < 0.3:
        side = rng.choice([-1, 1])
        near, far = rng.uniform(0.95, 1.3), rng.uniform(1.35, 3)
        left, right = sorted((side * near, side * far))
        box = (left, rng.uniform(-3, -0.6), right, rng.uniform(-0.2, 2))
        rim = rng.uniform(0, 0.12)
        canvas = over(canvas, view.slab(*box), rng.uniform(0, 255, 3).astype(np.float32))
        inner = scenes.room(rng, view.width, view.height) if rng.random() < 0.5 else np.float32(rng.uniform(0, 255)) + np.zeros(3, np.float32)
        canvas = over(canvas, view.slab(box[0] + rim, box[1] + rim, box[2] - rim, box[3] - rim), inner)
    if rng.random() < 0.2:
        angle, away = rng.uniform(np.pi, 2 * np.pi), rng.uniform(1.0, 1.6)
        glow = view.spot(rng, away * np.cos(angle), 1.2 * away * np.sin(angle), rng.uniform(0.05, 0.35))
        canvas = over(canvas, glow * rng.uniform(0.5, 1), np.float32(255) + np.zeros(3, np.float32))
    if rng.random() < 0.08:
        for side in (-0.25, 0.25):
            canvas = canvas + (rng.uniform(60, 230) * view.spot(rng, side, -0.15 + rng.normal(0, 0.05), rng.uniform(0.01, 0.06)))[:, :, None]
    return canvas


def bona_fide(rng, scenes, source=None):
    """One genuine presentation, uint8 80x80x3 BGR."""
    picture, face, scenic = source or scenes.face(rng)
    if rng.random() < 0.1:  # as it comes, or only relit
        if rng.random() < 0.5:
            picture = distortions.lit(rng, picture)
        flat = crop_inside(np.clip(picture, 0, 255).astype(np.uint8), face[:4])
        return flat if rng.random() < 0.5 else flat[:, ::-1]
    aspect = face[3] / face[2]
    reach = (1.2, 2.7) if scenic else (1.0, 1.3)
    if scenic and rng.random() < 0.3:
        reach = (1.75, 2.05)  # what of the picture is not stretched
    face[:4] += (rng.normal(0, 0.025, 4) * face[[2, 3, 2, 3]]).astype(np.float32)
    view = View(rng, aspect, reach, 0.02 if rng.random() < 0.5 else 0.0)
    canvas = view.shows(picture, face, rng.random() < 0.5)
    if scenic:
        canvas = clutter(rng, view, canvas, scenes)
    if rng.random() < 0.06:
        edge = rng.uniform(0.75, 1.2)
        canvas = fingers(rng, view, canvas, skin(picture, face) * rng.uniform(0.8, 1.2), (-edge, -9, edge, rng.uniform(0.8, 1.4)))
    return webcam(rng, soft(rng, canvas))


def extent(rng, aspect, tight):
    """Left, top, right, bottom of what is shown, in local coordinates."""
    size = rng.uniform(0.62, 1.0) if tight else np.exp(rng.uniform(np.log(0.62), np.log(2.2)))
    left, top, right, bottom = size * rng.uniform(0.85, 1.15, 4)
    return [-left, -top * aspect, right, bottom * aspect]


def in_sight(view, edges):
    """True where an edge of the medium runs through the crop for more than a few pixels."""
    cover = view.slab(*edges)
    return 0.02 < cover.mean() < 0.95


def printed(rng, scenes, species, source):
    """A photograph on paper, held up whole; -> (uint8 80x80, cells of the paper)."""
    picture, face, scenic = source
    aspect = face[3] / face[2]
    view = View(rng, aspect, (1.1, 2.7), rng.choice([0.03, 0.09]))
    edges = extent(rng, aspect, not scenic)
    margin = rng.uniform(0.02, 0.25) if rng.random() < 0.5 else 0.0
    outer = [edges[0] - margin, edges[1] - margin, edges[2] + margin, edges[3] + margin * rng.uniform(0.5, 3)]
    light = curled(rng, view, view.x)
    seen = in_sight(view, outer) or (margin > 0 and in_sight(view, edges))
    depth = rng.choice([0.0, rng.uniform(0.0, 0.08)], p=[0.35, 0.65]) if seen else rng.uniform(0.035, 0.11)
    sheet = ink(rng, view.shows(reprocessed(rng, picture, rng.random() < 0.1), face, rng.random() < 0.5), species == "grey_print")
    sheet = over(np.full_like(sheet, rng.uniform(180, 245)), view.slab(*edges), sheet)
    sheet = sheet * light[:, :, None]
    cover = view.slab(*outer)
    canvas = behind(rng, scenes, view, cover, sheet)
    if rng.random() < 0.45:
        canvas = fingers(rng, view, canvas, skin(picture, face) * rng.uniform(0.6, 1.2), outer)
    if rng.random() < 0.35:
        glow = cv2.GaussianBlur(view.spot(rng, rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0.15, 0.9)), (0, 0), 3)
        canvas = canvas + (cover * glow * rng.uniform(30, 170))[:, :, None]
    canvas = soft(rng, canvas)
    return webcam(rng, over(canvas, cover, paper(rng, view, canvas, depth))), cells(cover)


def behind(rng, scenes, view, cover, front):
    """The room or the holder behind a medium, with the medium's shadow on it."""
    if rng.random() < 0.3:
        picture, face, _ = scenes.face(rng, 0)
        room = view.shows(picture, face, rng.random() < 0.5, rng.uniform(0.7, 1.3))
    else:
        room = scenes.room(rng, view.width, view.height)
    room = distortions.lit(rng, room)
    if rng.random() < 0.5:
        shadow = np.roll(cv2.GaussianBlur(cover, (0, 0), max(1.0, rng.uniform(0.01, 0.1) * view.unit)), rng.integers(-6, 7, 2), (0, 1))
        room = room * (1 - rng.uniform(0.1, 0.5) * shadow)[:, :, None]
    return over(room, cover, front)


def cut_out(rng, scenes, source):
    """A printed face cut out along the head, before a room or worn before the holder's own face; answers as `printed` does."""
    picture, face, _ = source
    aspect = face[3] / face[2]
    view = View(rng, aspect, (1.1, 2.7), rng.choice([0.03, 0.07]))
    light = curled(rng, view, view.x)
    wide, tall = rng.uniform(0.5, 0.85), rng.uniform(0.5, 0.72) * aspect
    angle = np.arctan2(view.y / tall, view.x / wide)
    radius = 1 + sum(rng.normal(0, 0.035) * np.cos(k * angle + rng.uniform(0, 6.3)) for k in (2, 3, 4, 5, 7, 9))
    far = (np.hypot(view.x / wide, (view.y + rng.uniform(0, 0.08)) / tall) - radius) * wide
    if rng.random() < 0.35:
        shoulder = rng.uniform(0.9, 1.8)
        slope = np.abs(view.x) * rng.uniform(0.1, 0.5)
        body = np.maximum(np.abs(view.x) - shoulder, rng.uniform(0.5, 0.65) * aspect + slope - view.y)
        far = np.minimum(far, body)
    cover = np.clip(0.5 - far * view.unit, 0, 1).astype(np.float32)
    mirror = rng.random() < 0.5
    sheet = ink(rng, view.shows(reprocessed(rng, picture, rng.random() < 0.1), face, mirror), rng.random() < 0.2)
    if rng.random() < 0.5:
        rim = np.clip(0.5 - (far + rng.uniform(0.01, 0.06)) * view.unit, 0, 1).astype(np.float32)
        sheet = over(np.full_like(sheet, rng.uniform(180, 245)), rim, sheet)
    sheet = sheet * light[:, :, None]
    if rng.random() < 0.25:  # the holder looks through
        for eye in (face[4:6], face[6:8]):
            at = (eye - face[:2] - face[2:4] / 2) / face[2] * [-1 if mirror else 1, 1]
            hole = np.hypot((view.x - at[0]) / rng.uniform(0.09, 0.15), (view.y - at[1]) / rng.uniform(0.05, 0.1)) - 1
            cover = cover * np.clip(0.5 + hole * 0.1 * view.unit, 0, 1).astype(np.float32)
    if rng.random() < 0.5:
        other, holder, _ = scenes.face(rng, 0)
        room = view.shows(other, holder, rng.random() < 0.5, rng.uniform(0.9, 1.25))
        shadow = cv2.GaussianBlur(cover, (0, 0), max(1.0, rng.uniform(0.01, 0.06) * view.unit))
        canvas = over(room * (1 - rng.uniform(0.1, 0.6) * shadow)[:, :, None], cover, sheet)
    else:
        canvas = behind(rng, scenes, view, cover, sheet)
    canvas = soft(rng, canvas)
    return webcam(rng, over(canvas, cover, paper(rng, view, canvas, rng.uniform(0.0, 0.09)))), cells(cover)


def screened(rng, scenes, species, source):
    """A picture or a film on a tablet, a phone, a monitor close up, or thrown on a wall; answers as `printed`
    does, with the cells of the device and its case."""
    picture, face, scenic = source
    aspect = face[3] / face[2]
    view = View(rng, aspect, (1.1, 2.7), rng.choice([0.03, 0.08]))
    edges = extent(rng, aspect, not scenic)
    if species == "phone":
        middle = rng.normal(0, 0.06)
        half_ = rng.uniform(0.6, 1.0)
        edges = [middle - half_, -half_ * rng.uniform(1.3, 2.2), middle + half_, half_ * rng.uniform(1.3, 2.2)]
    elif species == "monitor":
        edges = [4 * edge for edge in edges]
    bezel = {"tablet": (0.05, 0.22), "phone": (0.015, 0.09), "monitor": (0.05, 0.2), "projection": (0.0, 0.0)}[species]
    sides = np.array([-1, -1, 1, 1]) * rng.uniform(*bezel)
    if species == "phone":
        sides = sides * np.array([1, rng.uniform(1, 4), 1, rng.uniform(1, 4)])
    outer = list(np.array(edges) + sides)
    rounding = rng.uniform(0, 0.12) if species in ("phone", "tablet") else 0.0
    seen = in_sight(view, edges)
    shown = view.shows(reprocessed(rng, picture, rng.random() < (0.5 if species == "projection" else 0.2)), face, rng.random() < 0.5)
    level = shown.mean(2, keepdims=True)
    shown = level + (shown - level) * rng.uniform(0.7, 1.5)
    shown = 255 * np.clip(shown / 255, 0, 1) ** np.float32(rng.uniform(0.6, 1.5))
    cast = 1 + np.array([rng.uniform(-0.05, 0.22), rng.normal(0, 0.04), rng.uniform(-0.15, 0.05)])
    shown = shown * (rng.uniform(0.65, 1.35) * cast).astype(np.float32)
    shown = rng.uniform(2, 45) + shown
    cover, body = view.slab(*edges), view.slab(*outer, rounding)
    if species == "projection":
        shown = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.5, 2.5)) * rng.uniform(0.7, 1)
        wall = distortions.lit(rng, scenes.room(rng, view.width, view.height)) if rng.random() < 0.4 else np.full_like(shown, rng.uniform(20, 160))
        wall = cv2.GaussianBlur(wall, (0, 0), 3)
        canvas = over(wall, cover, 0.75 * shown + 0.35 * wall)
    else:
        case = np.full_like(shown, rng.uniform(0, 45) if rng.random() < 0.75 else rng.uniform(150, 245)) * (1 + rng.normal(0, 0.03, 3)).astype(np.float32)
        if species == "phone" and rng.random() < 0.5:
            case = over(case, view.slab(outer[0], outer[1], outer[2], outer[3], rounding) - view.slab(*(np.array(outer) - 0.012 * np.sign(sides)), rounding), rng.uniform(80, 230))
        canvas = behind(rng, scenes, view, body, over(case, cover, shown))
    if rng.random() < 0.5 and species != "projection":
        mirrored = cv2.GaussianBlur(scenes.room(rng, view.width, view.height), (0, 0), rng.uniform(1, 6))
        canvas = canvas + (body * rng.uniform(0.03, 0.2))[:, :, None] * mirrored
    if rng.random() < 0.4 and species != "projection":
        for _ in range(rng.integers(1, 4)):
            glow = view.spot(rng, rng.uniform(-1, 1), rng.uniform(-1, 1) * aspect, np.exp(rng.uniform(np.log(0.04), np.log(0.6))))
            canvas = canvas + (body * glow * rng.uniform(40, 255))[:, :, None]
    if species in ("tablet", "phone") and rng.random() < 0.5:
        canvas = fingers(rng, view, canvas, skin(picture, face) * rng.uniform(0.6, 1.2), outer)
    canvas = soft(rng, canvas)
    depth = rng.choice([0.0, rng.uniform(0.0, 0.09)], p=[0.35, 0.65]) if seen else rng.uniform(0.04, 0.13)
    return webcam(rng, over(canvas, cover, canvas * raster(rng, view, depth))), cells(cover if species == "projection" else body)


def raster(rng, view, depth):
    """The screen's pixels against the camera's: coloured stripes, their beat, and bands of the refresh; multiplies."""
    period = np.exp(rng.uniform(np.log(0.52), np.log(4.5)))
    angle = rng.normal(0, 0.06) if rng.random() < 0.8 else rng.uniform(0, np.pi)
    phases = np.array([0, 2.09, 4.19]) * rng.uniform(0.2, 1)
    stripes = np.stack([waves(view, period, angle, phase) for phase in phases], 2)
    rows = waves(view, period * rng.uniform(0.97, 1.03), angle + np.pi / 2)[:, :, None]
    pattern = 1 + depth * stripes * rng.uniform(0.4, 1) + depth * rows * rng.uniform(0.2, 1)
    if rng.random() < 0.4:
        bands = np.sin(view.flat_y * rng.uniform(2, 25) + rng.uniform(0, 6.3))
        pattern = pattern * (1 + rng.uniform(0.02, 0.14) * bands)[:, :, None]
    return pattern.astype(np.float32)


def attack(rng, scenes, species, source=None):
    """One presentation of an attack species: (uint8 80x80x3 BGR, cells of the medium)."""
    source = source or scenes.face(rng)
    if species == "cut_out":
        return cut_out(rng, scenes, source)
    return (printed if species in PRINTS else screened)(rng, scenes, species, source)


def presentation(rng, scenes, species):
    """One presentation of any kind in which something can be seen: (uint8 80x80x3 BGR, cells of the medium)."""
    while True:
        genuine = species == BONA_FIDE
        picture, medium = (bona_fide(rng, scenes), np.zeros((CELLS, CELLS), np.uint8)) if genuine else attack(rng, scenes, species)
        middle = picture[20:60, 20:60]
        if 22 < middle.mean() < 238 and middle.std() > 12:
            return picture, medium
