# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""A program that encodes with PyAV converts straight into PyAV's own frames. Usage: pyav_frame.py [OUT.mp4]"""
import sys

import av
import numpy
import pixfer

W, H = 640, 360
y, x = numpy.mgrid[0:H, 0:W]
rgba = numpy.full((H, W, 4), 255, numpy.uint8)
converter = pixfer.Converter("rgba", "nv12", W, H)
with av.open(sys.argv[1] if len(sys.argv) > 1 else "out.mp4", "w") as container:
    stream = container.add_stream("libx264", rate=30)
    stream.width, stream.height, stream.pix_fmt = W, H, "nv12"
    stream.options = {"preset": "ultrafast", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"}
    for i in range(60):
        rgba[..., 0], rgba[..., 1], rgba[..., 2] = x + 4 * i, y + 2 * i, (x + y) // 4
        frame = av.VideoFrame(W, H, "nv12")
        converter.convert(rgba, out=frame)  # instead of av.VideoFrame.from_ndarray(rgba, "rgba").reformat(format="nv12")
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
