"""Median milliseconds of OpenCV's FaceDetectorYN on a raw 640x640 RGB picture, one thread: model.onnx frame.rgb"""

import sys
import time

import cv2
import numpy

cv2.setNumThreads(1)
rgb = numpy.fromfile(sys.argv[2], dtype=numpy.uint8).reshape(640, 640, 3)
bgr = numpy.ascontiguousarray(rgb[:, :, ::-1])
detector = cv2.FaceDetectorYN.create(sys.argv[1], "", (640, 640), 0.65, 0.35)
times = []
for turn in range(70):
    start = time.perf_counter()
    detector.detect(bgr)
    if turn >= 10:
        times.append((time.perf_counter() - start) * 1000)
print(sorted(times)[len(times) // 2])
