# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""NumPy frames to an MP4 in ten lines. Usage: numpy_to_mp4.py [OUT.mp4]"""
import sys

import numpy
import pixfer

y, x = numpy.mgrid[0:720, 0:1280]
rgba = numpy.full((720, 1280, 4), 255, numpy.uint8)
with pixfer.Exporter(sys.argv[1] if len(sys.argv) > 1 else "out.mp4", 1280, 720, 60, overwrite=True) as out:
    for i in range(120):
        rgba[..., 0], rgba[..., 1], rgba[..., 2] = x + 4 * i, y + 2 * i, (x + y) // 4
        out.push(rgba)
print(f"{out.report.frames} frames, {out.report.fps:.1f} per second, {out.report.encoder}")
