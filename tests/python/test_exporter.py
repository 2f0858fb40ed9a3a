# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Exports, read back with ffprobe and ffmpeg."""

import gc
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pixfer

from common import picture, planes_of_rgb, raw, source

W, H = 64, 48
FAST = {"preset": "ultrafast", "encoder": "libx264"}


def probe(path):
    found = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-show_packets", "-of", "json", path],
                           capture_output=True, text=True, check=True)
    return json.loads(found.stdout)


def video(path):
    return next(stream for stream in probe(path)["streams"] if stream["codec_type"] == "video")


def decode(path, *options):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, *options, "-f", "rawvideo", "-"], capture_output=True, check=True).stdout


class Exporter(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "out.mp4")
        self.frames = [np.roll(source(picture(W, H), "rgba"), 3 * i, 1) for i in range(5)]

    def export(self, *arguments, frames=None, **keywords):
        with pixfer.Exporter(self.path, *(arguments or (W, H, 25)), **{**FAST, **keywords}) as out:
            for frame in self.frames if frames is None else frames:
                out.push(frame)
        return out.report

    def files(self):
        return sorted(os.listdir(self.folder))

    def test_frames_are_the_converters(self):
        report = self.export(crf=0)
        self.assertEqual((report.frames, report.converted, report.backend, report.exact, report.refused), (5, 5, "cpu", True, 0))
        self.assertEqual((report.encoder, report.bytes, report.part_kept), ("libx264", os.path.getsize(self.path), False))
        expected = b"".join(raw(planes_of_rgb(frame[..., :3], "i420")) for frame in self.frames)
        self.assertEqual(decode(self.path, "-pix_fmt", "yuv420p"), expected)
        self.assertEqual(self.files(), ["out.mp4"])

    def test_what_the_file_says(self):
        self.export(W, H, Fraction(30000, 1001), matrix="bt2020", range="full", siting="top-left", rotation=90, sample_aspect=(4, 3),
                    metadata={"title": "Ein Titel ü", "comment": "x"}, gop=2)
        found = probe(self.path)
        stream = found["streams"][0]
        self.assertEqual([stream[key] for key in ("codec_name", "width", "height", "nb_read_frames", "r_frame_rate", "color_space", "color_range",
                                                  "chroma_location", "sample_aspect_ratio")],
                         ["h264", W, H, "5", "30000/1001", "bt2020nc", "pc", "topleft", "4:3"])
        self.assertEqual(found["format"]["tags"]["title"], "Ein Titel ü")
        self.assertEqual(stream["side_data_list"][0]["rotation"] % 360, 270)
        self.assertEqual("".join(packet["flags"][0] for packet in found["packets"]), "K_K_K")

    def test_rates(self):
        for fps, expected in ((24, "24/1"), (29.97, "2997/100"), (23.976023976023978, "24000/1001"), ("30000/1001", "30000/1001"),
                              ((60, 1), "60/1"), (np.int64(50), "50/1"), (Fraction(25, 2), "25/2")):
            self.export(W, H, fps, overwrite=True)
            self.assertEqual(video(self.path)["r_frame_rate"], expected)

    def test_views_and_formats(self):
        rgb = picture(W, H)
        big = np.zeros((H * 2, W + 9, 3), np.uint8)
        big[::2, 4:4 + W] = rgb
        nv12 = pixfer.rgba_to_nv12(source(rgb, "rgba"))
        expected = raw(planes_of_rgb(rgb, "i420"))
        for format, frame in (("rgb24", big[::2, 4:4 + W]), ("bgra", source(rgb, "bgra")[::-1].copy()[::-1]), ("gbrp", source(rgb, "gbrp")),
                              ("nv12", nv12), ("nv12", tuple(nv12)), ("nv12", bytes(nv12)), ("rgba", source(rgb, "rgba").tobytes()),
                              ("i420", expected)):
            with self.subTest(format=format):
                self.export(format=format, frames=[frame, frame], crf=0, overwrite=True)
                self.assertEqual(decode(self.path, "-pix_fmt", "yuv420p"), expected * 2)

    def test_codecs_and_ten_bits(self):
        for arguments, codec, pixels, frame in (
            ({"format": "rgb10a2", "codec": "hevc"}, "hevc", "yuv420p10le", np.zeros((H, W), np.uint32)),
            ({"format": "rgba64", "codec": "H264", "depth": 8}, "h264", "yuv420p", np.zeros((H, W, 4), np.uint16)),
            ({"format": "i444", "chroma": 444}, "h264", "yuv444p", np.zeros((3, H, W), np.uint8)),
            ({"format": "rgba", "background": 0xFFFFFF}, "h264", "yuv420p", np.zeros((H, W, 4), np.uint8)),
            ({"format": "i010"}, "hevc", "yuv420p10le", np.full((H * 3 // 2, W), 512, np.uint16)),
        ):
            with self.subTest(**arguments):
                with pixfer.Exporter(self.path, W, H, 25, encoder="libx265" if codec == "hevc" else "libx264", preset="ultrafast",
                                     overwrite=True, **arguments) as out:
                    for _ in range(5):  # this libavformat cannot always write what libx265 makes of a single frame
                        out.push(frame)
                found = video(self.path)
                self.assertEqual((found["codec_name"], found["pix_fmt"]), (codec, pixels))
                if "background" in arguments:
                    self.assertGreater(decode(self.path, "-pix_fmt", "gray")[0], 230)
        for kind, words, arguments in ((ValueError, "codec: found 'h265', expected h264, hevc or av1", {"codec": "h265"}),
                                       (ValueError, "depth: found 12, expected 0 to 10", {"depth": 12}),
                                       (ValueError, "chroma", {"chroma": 422}), (ValueError, "background", {"background": 1 << 24}),
                                       (ValueError, "depth", {"depth": 9}), (TypeError, "depth", {"depth": 8.0})):
            with self.assertRaisesRegex(kind, words):
                pixfer.Exporter(self.path + "2", W, H, 25, **arguments)

    def test_odd_size(self):
        frame = source(picture(33, 17), "rgba")
        self.export(33, 17, 10, frames=[frame])
        self.assertEqual([video(self.path)[key] for key in ("width", "height")], [33, 17])

    def test_times(self):
        with pixfer.Exporter(self.path, W, H, 30, time_base=(1, 1000), **FAST) as out:
            with self.assertRaisesRegex(ValueError, "pts: found none, expected a time in units of time_base"):
                out.push(self.frames[0])
            for pts in (1000, 1040, 1100):
                out.push(self.frames[0], pts)
            with self.assertRaisesRegex(ValueError, "1100|pts"):
                out.push(self.frames[0], pts=1100)
            out.pause(1200)
            with self.assertRaises(ValueError):
                out.push(self.frames[0], 1300)
            out.resume(2200)
            self.assertIs(out.try_push(self.frames[1], 2250), True)
        self.assertEqual(out.report.refused, 2)
        self.assertEqual([float(packet["pts_time"]) for packet in probe(self.path)["packets"]], [0, 0.04, 0.1, 0.25])

    def test_numbers_go_on_from_a_given_one(self):
        with pixfer.Exporter(self.path, W, H, 10, **FAST) as out:
            out.push(self.frames[0])
            out.push(self.frames[1], 5)
            out.push(self.frames[2])
        self.assertEqual([round(float(packet["pts_time"]) * 10) for packet in probe(self.path)["packets"]], [0, 5, 6])

    def test_audio(self):
        tone = np.sin(np.arange(48000) * 2 * np.pi * 440 / 48000).astype(np.float32) / 2
        for channels, samples in ((1, tone), (2, np.stack([tone, -tone], -1)), (2, np.repeat(tone, 2)), (1, memoryview(tone.tobytes()).cast("f"))):
            with pixfer.Exporter(self.path, W, H, 5, sample_rate=48000, channels=channels, audio_codec="alac", overwrite=True, **FAST) as out:
                out.push_audio(samples[:0])
                out.push_audio(samples[: len(samples) // 2])
                for frame in self.frames:
                    out.push(frame)
                out.push_audio(samples[len(samples) // 2:])
            stream = next(stream for stream in probe(self.path)["streams"] if stream["codec_type"] == "audio")
            self.assertEqual((stream["codec_name"], stream["channels"], stream["sample_rate"]), ("alac", channels, "48000"))
            pcm = subprocess.run(["ffmpeg", "-v", "error", "-i", self.path, "-vn", "-f", "f32le", "-"], capture_output=True, check=True).stdout
            self.assertEqual(len(pcm), 48000 * 4 * channels)
            expected = np.frombuffer(np.ascontiguousarray(samples).tobytes(), np.float32)
            self.assertLess(np.abs(np.frombuffer(pcm, np.float32) - expected).max(), 1e-3)

    def test_audio_that_is_wrong(self):
        with pixfer.Exporter(self.path, W, H, 5, sample_rate=48000, **FAST) as out:
            for kind, words, samples in (
                (TypeError, "samples: found int16, expected float32", np.zeros((10, 2), np.int16)),
                (TypeError, "samples: found float64, expected float32", np.zeros((10, 2))),
                (TypeError, "samples: found float32, expected float32|big", np.zeros((10, 2), ">f4")),
                (ValueError, r"samples: found shape \(2, 10\), expected \(samples, 2\)", np.zeros((2, 10), np.float32)),
                (ValueError, "samples: found an array with gaps or in another order", np.zeros((2, 10), np.float32).T),
                (ValueError, "samples: found an array with gaps or in another order", np.zeros((10, 2), np.float32)[::-1]),
                (ValueError, r"samples: found 7 numbers in 1 dimensions, expected \(samples, 2\)", np.zeros(7, np.float32)),
                (TypeError, "samples: found an object of type list", [0.0, 0.0]),
            ):
                with self.assertRaisesRegex(kind, words):
                    out.push_audio(samples)
            out.push(self.frames[0])
            out.push_audio(np.zeros((100, 2), np.float32), pts=1000)
        with pixfer.Exporter(self.path, W, H, 5, overwrite=True, **FAST) as out:
            out.push(self.frames[0])
            with self.assertRaisesRegex(ValueError, "made without sample_rate"):
                out.push_audio(np.zeros((10, 2), np.float32))

    def test_paths(self):
        for path in (Path(self.folder, "a ü.mp4"), os.path.join(self.folder, "b.mp4").encode()):
            with pixfer.Exporter(path, W, H, 5, **FAST) as out:
                out.push(self.frames[0])
            self.assertEqual(out.path, os.fsdecode(path))
            self.assertIn(os.path.basename(os.fsdecode(path)), repr(out))
        self.assertEqual(self.files(), ["a ü.mp4", "b.mp4"])

    def test_descriptor(self):
        with open(self.path, "wb") as file:
            with pixfer.Exporter(file.fileno(), W, H, 25, **FAST) as out:
                for frame in self.frames:
                    out.push(frame)
        self.assertEqual((video(self.path)["nb_read_frames"], out.path, self.files()), ("5", out.path, ["out.mp4"]))
        reader, writer = os.pipe()
        os.close(reader)
        out = pixfer.Exporter(writer, W, H, 25, **FAST)
        with self.assertRaises(pixfer.OutputError) as caught:
            for _ in range(200):
                out.push(self.frames[0])
            out.finish()
        self.assertEqual(out.error, str(caught.exception))
        out.close()
        os.close(writer)

    def test_existing_output(self):
        with open(self.path, "w") as file:
            file.write("mine")
        with self.assertRaisesRegex(pixfer.OutputError, "out.mp4 exists; overwrite=True replaces it") as caught:
            pixfer.Exporter(self.path, W, H, 25)
        self.assertIsInstance(caught.exception, OSError)
        with open(self.path) as file:
            self.assertEqual(file.read(), "mine")
        self.export(overwrite=True)

    def test_arguments(self):
        for kind, words, arguments, keywords in (
            (TypeError, "fps: found True", (W, H, True), {}),
            (ValueError, "fps: found 0, expected 1 to", (W, H, 0), {}),
            (ValueError, "fps: found -5, expected 1 to", (W, H, -5), {}),
            (ValueError, "fps: found nan, expected a number", (W, H, float("nan")), {}),
            (ValueError, "fps: found inf, expected a number", (W, H, float("inf")), {}),
            (ValueError, "fps: found 'fast', expected a number", (W, H, "fast"), {}),
            (ValueError, r"fps: found \(30, 0\)", (W, H, (30, 0)), {}),
            (TypeError, "fps: found None", (W, H, None), {}),
            (ValueError, "width: found 16385, expected 1 to 16384", (16385, H, 25), {}),
            (TypeError, "width, height: found None", (None, H, 25), {}),
            (ValueError, "format: found 'rgb'", (W, H, 25), {"format": "rgb"}),
            (pixfer.UnsupportedError, "i444|444", (W, H, 25), {"format": "i444"}),
            (TypeError, "found crf and bitrate, expected one of", (W, H, 25), {"crf": 20, "bitrate": 1e6}),
            (ValueError, "crf is 60, expected 0 to 51", (W, H, 25), {"crf": 60}),
            (TypeError, "crf: found 'x', expected a number", (W, H, 25), {"crf": "x"}),
            (ValueError, "bit rate is 1, expected", (W, H, 25), {"bitrate": 1}),
            (pixfer.UnavailableError, "h265", (W, H, 25), {"encoder": "h265"}),
            (ValueError, "preset", (W, H, 25), {"preset": "warp", "encoder": "libx264"}),
            (ValueError, "rotation", (W, H, 25), {"rotation": 45}),
            (TypeError, "found channels without sample_rate", (W, H, 25), {"channels": 2}),
            (ValueError, "channels: found 9, expected 1 to 8", (W, H, 25), {"sample_rate": 48000, "channels": 9}),
            (TypeError, "metadata: found 3, expected a dict", (W, H, 25), {"metadata": 3}),
            (TypeError, "metadata: found 3, expected text", (W, H, 25), {"metadata": {"title": 3}}),
            (TypeError, r"metadata: found 'a\\x00b', expected text", (W, H, 25), {"metadata": {"title": "a\0b"}}),
            (TypeError, "progress: found 3, expected a callable", (W, H, 25), {"progress": 3}),
            (ValueError, "converter: found 'gpu'", (W, H, 25), {"converter": "gpu"}),
            (ValueError, "queue_bytes: found -1", (W, H, 25), {"queue_bytes": -1}),
            (TypeError, "speed", (W, H, 25), {"speed": 3}),
            (ValueError, "time_base: found 0", (W, H, 25), {"time_base": 1e-9}),
        ):
            with self.subTest(words=words):
                with self.assertRaisesRegex(kind, words):
                    pixfer.Exporter(self.path, *arguments, **keywords)
        for path in (None, 3.5, object()):
            with self.assertRaises(TypeError):
                pixfer.Exporter(path, W, H, 25)
        with self.assertRaises(ValueError):
            pixfer.Exporter("a\0b.mp4", W, H, 25)
        with self.assertRaisesRegex(pixfer.OutputError, "nowhere"):
            pixfer.Exporter(os.path.join(self.folder, "nowhere", "out.mp4"), W, H, 25)
        self.assertEqual(self.files(), [])

    def test_frames_that_are_wrong(self):
        with pixfer.Exporter(self.path, W, H, 25, **FAST) as out:
            for kind, words, frame in (
                (ValueError, r"frame: found shape \(47, 64, 4\), expected \(48, 64, 4\)", self.frames[0][1:]),
                (ValueError, "frame: found shape .48, 64, 3.", self.frames[0][..., :3]),
                (ValueError, "frame: found reversed channels, expected them as they lie in memory: that is abgr", self.frames[0][..., ::-1]),
                (ValueError, "frame: found pixels that are flipped", self.frames[0][:, ::-1]),
                (TypeError, "frame: found float64, expected uint8", self.frames[0] / 255),
                (TypeError, "frame: found an object of type NoneType", None),
            ):
                with self.assertRaisesRegex(kind, words):
                    out.push(frame)
                with self.assertRaisesRegex(kind, words):
                    out.try_push(frame)
            out.push(self.frames[0])
            with self.assertRaisesRegex(TypeError, "pts: found 1.5, expected a whole number"):
                out.push(self.frames[0], 1.5)
        self.assertEqual(out.report.frames, 1)

    def test_an_exception_leaves_no_file(self):
        with self.assertRaises(ZeroDivisionError):
            with pixfer.Exporter(self.path, W, H, 25, **FAST) as out:
                out.push(self.frames[0])
                1 / 0
        self.assertTrue(out.closed)
        self.assertIsNone(out.report)
        self.assertEqual(self.files(), [])

    def test_life(self):
        out = pixfer.Exporter(self.path, W, H, 25, **FAST)
        self.assertEqual((out.closed, out.report, out.error, out.width, out.height, out.format), (False, None, None, W, H, "rgba"))
        out.push(self.frames[0])
        self.assertGreaterEqual(out.queue.capacity, 3)
        report = out.finish()
        self.assertIs(out.report, report)
        with self.assertRaises(ValueError):
            out.finish()
        self.assertIs(out.report, report)
        with self.assertRaises(ValueError):
            out.push(self.frames[0])
        out.close()
        out.close()
        out.cancel()
        for call in (lambda: out.push(self.frames[0]), out.finish, lambda: out.queue, out.__enter__, lambda: out.pause(3)):
            self.assertRaisesRegex(ValueError, "the exporter is closed", call)
        self.assertIn("closed", repr(out))
        self.assertEqual(video(self.path)["nb_read_frames"], "1")
        with self.assertRaisesRegex(ValueError, "frame"):
            with pixfer.Exporter(os.path.join(self.folder, "empty.mp4"), W, H, 25):
                pass
        self.assertEqual(self.files(), ["out.mp4"])

    def test_forgotten(self):
        out = pixfer.Exporter(self.path, W, H, 25, **FAST)
        out.push(self.frames[0])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            del out
            gc.collect()
        self.assertEqual([w.category for w in caught], [ResourceWarning])
        self.assertIn("out.mp4", str(caught[0].message))
        self.assertEqual(self.files(), [])

    def test_cancel(self):
        out = pixfer.Exporter(self.path, W, H, 25, **FAST)
        started = threading.Event()

        def cancel():
            started.wait()
            out.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        with self.assertRaises(pixfer.CancelledError):
            for _ in range(100000):
                out.push(self.frames[0])
                started.set()
        thread.join()
        with self.assertRaises(pixfer.CancelledError):
            out.finish()
        out.close()
        self.assertEqual(self.files(), [])

    def test_progress(self):
        seen = []
        with pixfer.Exporter(self.path, W, H, 25, progress=seen.append, **FAST) as out:
            for frame in self.frames * 6:
                out.push(frame)
                time.sleep(0.01)
        self.assertGreater(len(seen), 0)
        self.assertTrue(all(isinstance(progress, pixfer.Progress) and progress.seconds >= 0 for progress in seen))
        self.assertEqual([progress.frames for progress in seen], sorted(progress.frames for progress in seen))

    def test_progress_asks_for_the_end(self):
        with pixfer.Exporter(self.path, W, H, 25, progress=lambda p: "finish" if p.frames >= 3 else None, **FAST) as out:
            for _ in range(100000):
                out.push(self.frames[0])
                time.sleep(0.002)
            self.fail("it went on")
        self.assertGreaterEqual(out.report.frames, 3)
        self.assertEqual(video(self.path)["nb_read_frames"], str(out.report.frames))
        self.assertEqual(self.files(), ["out.mp4"])
        with self.assertRaises(pixfer.CancelledError):
            with pixfer.Exporter(self.path, W, H, 25, gop=5, progress=lambda p: "abort" if p.frames >= 30 else "continue", overwrite=True, **FAST) as out:
                for _ in range(100000):
                    out.push(self.frames[0])
                    time.sleep(0.002)
        self.assertTrue(out.report.part_kept)
        self.assertEqual(self.files(), ["out.mp4", "out.mp4.part"])

    def test_progress_that_fails(self):
        for answer, kind in ((lambda p: {}["x"], KeyError), (lambda p: "stop", ValueError), (lambda p: out.push(self.frames[0]), ValueError)):
            out = pixfer.Exporter(self.path, W, H, 25, progress=answer, overwrite=True, **FAST)
            with self.assertRaises(kind):
                for _ in range(100000):
                    out.push(self.frames[0])
                    time.sleep(0.002)
            with self.assertRaises(pixfer.CancelledError):
                out.push(self.frames[0])
            self.assertGreater(out.finish().frames, 0)
            out.close()
            self.assertEqual(self.files(), ["out.mp4"])

    def test_progress_may_cancel_and_ask(self):
        def answer(progress):
            self.assertIsNone(out.error)
            self.assertGreater(out.queue.capacity, 0)
            out.cancel()

        out = pixfer.Exporter(self.path, W, H, 25, progress=answer, **FAST)
        with self.assertRaises(pixfer.CancelledError):
            for _ in range(100000):
                out.push(self.frames[0])
        out.close()
        self.assertEqual(self.files(), [])

    def test_interrupt(self):
        code = f"""
import pixfer, sys
out = pixfer.Exporter({self.path!r}, 640, 480, 25, encoder="libx264", preset="veryslow", encoder_threads=1, queue_bytes=1)
try:
    out.push(bytes(640 * 480 * 4))
    print("ready", flush=True)
    while True:
        out.push(bytes(640 * 480 * 4))
except KeyboardInterrupt:
    print("interrupted")
out.finish()
"""
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        child.stdout.readline()
        time.sleep(0.4)
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.communicate(timeout=60)[0], "interrupted\n")
        self.assertEqual(child.returncode, 0)
        self.assertGreater(int(video(self.path)["nb_read_frames"]), 0)

    def test_full_disk(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            out = pixfer.Exporter(full.fileno(), W, H, 25, **FAST)
            with self.assertRaises(pixfer.OutputError):
                for _ in range(300):
                    out.push(self.frames[0])
                out.finish()
            self.assertRegex(out.error, "space")
            out.close()

    def test_log(self):
        lines = []
        self.export(log=lambda level, line: lines.append((level, line)))
        self.assertIn(20, [level for level, _ in lines])
        self.assertTrue(any("libx264" in line for _, line in lines))

    def test_after_fork(self):
        out = pixfer.Exporter(self.path, W, H, 25, **FAST)
        out.push(self.frames[0])
        child = os.fork()
        if not child:
            try:
                out.push(self.frames[0])
            except ValueError:
                out.close()
                os._exit(7)
            os._exit(1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 7)
        out.push(self.frames[0])
        self.assertEqual(out.finish().frames, 2)
        out.close()

    def test_machine(self):
        self.assertIn("libx264", pixfer.encoder_names())
        self.assertIsNone(pixfer.encoder_missing("libx264"))
        self.assertRegex(pixfer.encoder_missing("h264_nothing"), "h264_nothing")
        self.assertRaises(TypeError, pixfer.encoder_missing, 3)
        self.assertRegex(pixfer.libav_versions(), r"libavcodec \d+")


if __name__ == "__main__":
    unittest.main()
