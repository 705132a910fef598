"""The usual five-point alignment to 112x112, the contract `aligned-112` of the recogniser role."""

import cv2
import numpy as np

# Eyes, nose and mouth corners in picture order: the subject's right eye first.
PLACES = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32)


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
