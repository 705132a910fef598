"""The usual five-point alignment to 112x112, the contract `aligned-112` of the recogniser role."""

import cv2
import numpy as np

# Eyes, nose and mouth corners in picture order: the subject's right eye first.
PLACES = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32)


# How a detector of YuNet's kind marks the same five, from the mesh: points whose mean is taken, and a shift in eye distances along and
# across the line of the eyes. `landmarks.py marks` measures the shifts.
MARKS = (((33, 133, 159, 145), (0.0071, -0.0345)), ((263, 362, 386, 374), (-0.0011, -0.0141)), ((4, 1, 5), (0.0016, 0.0733)), ((61,), (-0.0232, -0.0263)), ((291,), (-0.0054, -0.0103)))


def means(mesh):
    """The five places [5, 2] of a mesh [468, >= 2] as it has them, and the matrix that turns shifts in eye distances to pixels."""
    places = np.stack([np.asarray(mesh)[list(numbers), :2].mean(0) for numbers, _ in MARKS])
    along, across = places[1] - places[0]
    return places, np.array([[along, -across], [across, along]])


def five(mesh):
    """The five points that a face is aligned by."""
    places, turn = means(mesh)
    return (places + np.array([shift for _, shift in MARKS]) @ turn.T).astype(np.float32)


def similarity(source, target):
    """Least-squares similarity (Umeyama 1991), 2x3, that maps `source` [n, 2] to `target` [n, 2]."""
    source, target = np.asarray(source, np.float64), np.asarray(target, np.float64)
    middle_s, middle_t = source.mean(0), target.mean(0)
    a, b = source - middle_s, target - middle_t
    u, spread, v = np.linalg.svd(b.T @ a / len(a))
    sign = np.diag([1.0, np.sign(np.linalg.det(u) * np.linalg.det(v))])
    rotation = u @ sign @ v
    scale = np.trace(np.diag(spread) @ sign) / (a**2).sum() * len(a)
    return np.hstack([scale * rotation, (middle_t - scale * rotation @ middle_s)[:, None]]).astype(np.float32)


def crop(picture, points, places=PLACES, size=112):
    """The picture warped so that `points` [5, 2] come to `places`, size x size."""
    return cv2.warpAffine(picture, similarity(points, places), (size, size), flags=cv2.INTER_LINEAR)
