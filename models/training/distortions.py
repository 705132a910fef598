"""What cameras, rooms and transmission do to a picture: shared by all training scripts, on float RGB arrays 0-255."""

import cv2
import numpy as np


def lit(rng, picture):
    """Exposure, contrast, white balance, saturation, and at times a light from one side."""
    middle = picture.mean()
    picture = (picture - middle) * rng.uniform(0.65, 1.35) + middle + rng.uniform(-35, 35) + rng.uniform(-10, 10, 3).astype(np.float32)
    grey = picture.mean(2, keepdims=True)
    picture = grey + (picture - grey) * (0.0 if rng.random() < 0.06 else rng.uniform(0.5, 1.4))
    if rng.random() < 0.25:
        height, width = picture.shape[:2]
        angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.5)
        across = np.linspace(-1, 1, width)[None] * np.cos(angle) + np.linspace(-1, 1, height)[:, None] * np.sin(angle)
        picture = picture * (1 + depth * across)[:, :, None].astype(np.float32)
    return np.clip(picture, 0, 255).astype(np.float32)


def blurred(rng, picture):
    """Out of focus, moving, or small in the original."""
    kind = rng.random()
    if kind < 0.5:
        return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.8))
    height, width = picture.shape[:2]
    share = rng.uniform(0.3, 0.9)
    small = cv2.resize(picture, (max(8, int(width * share)), max(8, int(height * share))), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def noisy(rng, picture):
    """Sensor noise."""
    return picture + rng.normal(0, rng.uniform(1, 9), picture.shape).astype(np.float32)


def compressed(rng, picture):
    """JPEG at a poor to fair quality."""
    bytes_ = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])[1]
    return cv2.imdecode(bytes_, cv2.IMREAD_COLOR).astype(np.float32)


def worn(rng, picture):
    """A random chain of all of them, uint8."""
    picture = lit(rng, picture)
    for share, step in ((0.3, blurred), (0.3, noisy), (0.3, compressed)):
        if rng.random() < share:
            picture = step(rng, picture)
    return np.clip(picture, 0, 255).astype(np.uint8)
