"""The reference models, run by ONNX Runtime: they teach and set the yardstick, and are never shipped."""

import cv2
import numpy as np
import onnxruntime

import alignment
from datasets import TEACHERS

cv2.setNumThreads(1)


def session(name, threads=1, outputs=()):
    """An inference session of a reference file; `outputs` adds inner tensors to what it answers."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    source = str(TEACHERS / name)
    if outputs:
        import onnx

        model = onnx.load(source)
        known = {output.name for output in model.graph.output}
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in outputs if name not in known)
        source = model.SerializeToString()
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


class Detector:
    """YuNet at any size: boxes, five landmarks and scores."""

    def __init__(self, least=0.6):
        self.net = cv2.FaceDetectorYN.create(str(TEACHERS / "yunet_n_dynamic.onnx"), "", (320, 320), least, 0.3, 50)

    def __call__(self, picture):
        """BGR picture -> array [faces, 15]: x, y, width, height, five (x, y) in picture order (subject's right eye
        first), score."""
        height, width = picture.shape[:2]
        self.net.setInputSize((width, height))
        faces = self.net.detect(picture)[1]
        return np.zeros((0, 15), np.float32) if faces is None else faces

    def central(self, picture):
        """The face nearest to the middle for its size, or None."""
        faces = self(picture)
        if not len(faces):
            return None
        height, width = picture.shape[:2]
        away = ((faces[:, :2] + faces[:, 2:4] / 2 - [width / 2, height / 2]) ** 2).sum(1)
        return faces[np.argmin(away / (faces[:, 2] * faces[:, 3]))]


def padded(path, share):
    """The picture with a black border of `share` of its width on every side, BGR."""
    picture = cv2.imread(str(path))
    border = round(picture.shape[1] * share)
    return cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_CONSTANT)


class Recogniser:
    """The reference recogniser on 112x112 aligned pictures; `hints` names inner tensors to answer as well."""

    def __init__(self, threads=1, hints=()):
        self.net = session("mobilefacenet_casia_112x96.onnx", threads, hints)
        self.wanted = ["embedding", *hints]

    def __call__(self, rgb):
        """uint8 [n, 112, 112, 3] RGB -> [embedding [n, 128] of unit length, *hints]."""
        batch = (rgb[:, :, 8:104].transpose(0, 3, 1, 2).astype(np.float32) - 127.5) / 128
        answers = self.net.run(self.wanted, {"input": np.ascontiguousarray(batch)})
        answers[0] = answers[0] / np.linalg.norm(answers[0], axis=1, keepdims=True)
        return answers


def aligned(detector, path, share):
    """The central face of a picture file in the 112x112 alignment, RGB, or None where the detector sees none."""
    picture = padded(path, share)
    face = detector.central(picture)
    return None if face is None else alignment.crop(picture, face[4:14].reshape(5, 2))[:, :, ::-1]
