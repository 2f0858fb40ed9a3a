# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""The examples and the programs of README.md run as they are."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import pixfer

from common import picture, planes_of_rgb, raw, source

ROOT = os.environ.get("PIXFER_PYTHON_BINDING", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bindings", "python"))


class Examples(unittest.TestCase):
    def run_one(self, name, expected_frames=None):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.mp4")
            run = subprocess.run([sys.executable, os.path.join(ROOT, "examples", name), out], cwd=folder, capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            found = json.loads(subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", out], capture_output=True,
                                              check=True).stdout)["streams"]
            video = next(stream for stream in found if stream["codec_type"] == "video")
            self.assertEqual((video["codec_name"], video["color_space"], video["color_range"]), ("h264", "bt709", "tv"))
            if expected_frames:
                self.assertEqual(int(video["nb_read_frames"]), expected_frames)
            return found, run.stdout

    def test_numpy_to_mp4(self):
        self.assertRegex(self.run_one("numpy_to_mp4.py", 120)[1], r"^120 frames, [\d.]+ per second, \w+\n$")

    def test_pyav_frame(self):
        self.run_one("pyav_frame.py", 60)

    def test_live_recorder(self):
        self.assertIn("audio", [stream["codec_type"] for stream in self.run_one("live_recorder.py")[0]])

    def test_into_and_from_frames_of_pyav(self):
        import av

        for width, height in ((64, 36), (50, 30)):
            rgb = picture(width, height)
            for name, dst in (("nv12", "nv12"), ("yuv420p", "i420"), ("yuv444p", "i444"), ("nv21", "nv21"), ("yuv422p", "i422"), ("p010le", "p010")):
                frame = av.VideoFrame(width, height, name)
                self.assertIs(pixfer.convert(source(rgb, "rgba"), "rgba", dst, out=frame), frame)
                for plane, expected in zip(frame.planes, planes_of_rgb(rgb, dst)):
                    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:, : expected.nbytes // len(expected)]
                    self.assertEqual(rows.tobytes(), expected.tobytes(), name)
            with self.assertRaisesRegex(ValueError, "out: found a frame of yuv420p, expected nv12"):
                pixfer.rgba_to_nv12(source(rgb, "rgba"), av.VideoFrame(width, height, "yuv420p"))
            with self.assertRaisesRegex(ValueError, "out: found a frame of 64x38, expected"):
                pixfer.rgba_to_nv12(source(rgb, "rgba"), av.VideoFrame(64, 38, "nv12"))
            for src in ("rgba", "bgra", "rgb24", "bgr24"):
                frame = av.VideoFrame.from_ndarray(source(rgb, src), format=src)
                self.assertEqual(bytes(pixfer.convert(frame, src, "nv12")), raw(planes_of_rgb(rgb, "nv12")))

    def test_readme(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            blocks = re.findall(r"```python\n(.*?)```", file.read(), re.S)
        self.assertGreater(len(blocks), 3)
        with tempfile.TemporaryDirectory() as folder:
            for block in blocks:
                # What the reader brings along.
                before = ("import numpy, pixfer\nW, H = 320, 180\nrgba = numpy.zeros((H, W, 4), numpy.uint8)\nframes = [rgba] * 3\n"
                          "samples = numpy.zeros((800, 2), numpy.float32)\n")
                run = subprocess.run([sys.executable, "-W", "error", "-c", before + block], cwd=folder, capture_output=True, text=True)
                self.assertEqual(run.returncode, 0, block + run.stderr)
                for name in os.listdir(folder):
                    os.unlink(os.path.join(folder, name))

    def test_bench(self):
        run = subprocess.run([sys.executable, os.path.join(ROOT, "bench.py"), "1"], capture_output=True, text=True)
        self.assertRegex(run.stdout, r"720p, one thread over two, median of the pairs: \d+\.\d\d\n$", run.stderr)


if __name__ == "__main__":
    unittest.main()
