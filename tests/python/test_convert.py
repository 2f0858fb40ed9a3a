# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Every format, matrix, range and siting against H.273, from and to memory of every shape."""

import array
import ctypes
import hashlib
import itertools
import mmap
import os
import subprocess
import sys
import tempfile
import tracemalloc
import unittest

import numpy as np
import pixfer
from PIL import Image

from common import (DEEP, DEPTH, LAYOUT, REFERENCE_MD5, deep_picture, picture, planes_of_packed, planes_of_rgb, raw, reference_frame, source)


class Values(unittest.TestCase):
    def test_reference_frame(self):
        self.assertEqual(hashlib.md5(pixfer.rgba_to_nv12(reference_frame())).hexdigest(), REFERENCE_MD5)

    def test_every_pair_of_formats(self):
        rgb_formats = [name for name in pixfer.SOURCE_FORMATS if name not in ("yuyv", "uyvy", *DEEP)]
        self.assertEqual(set(pixfer.SOURCE_FORMATS), {*rgb_formats, "yuyv", "uyvy", *DEEP})
        self.assertEqual(set(LAYOUT), set(pixfer.DESTINATION_FORMATS))
        for (width, height), src, dst in itertools.product([(1, 1), (2, 3), (37, 18)], rgb_formats, pixfer.DESTINATION_FORMATS):
            with self.subTest(size=(width, height), src=src, dst=dst):
                rgb = picture(width, height)
                found = pixfer.convert(source(rgb, src), src, dst)
                self.assertEqual(bytes(found), raw(planes_of_rgb(rgb, dst)))
                self.assertEqual((found.format, found.width, found.height), (dst, width, height))

    def test_more_than_eight_bits(self):
        for (width, height), src, dst in itertools.product([(1, 1), (3, 2), (38, 17)], DEEP, pixfer.DESTINATION_FORMATS):
            with self.subTest(size=(width, height), src=src, dst=dst):
                rgb, frame = deep_picture(width, height, src)
                expected = raw(planes_of_rgb(rgb, dst, white=DEEP[src][0]))
                self.assertEqual(bytes(pixfer.convert(frame, src, dst)), expected)
                flat = pixfer.convert(frame.tobytes(), src, dst, width=width, height=height)
                self.assertEqual(bytes(flat), expected)
        for matrix, range, siting, dst in itertools.product(pixfer.MATRICES, pixfer.RANGES, pixfer.SITINGS, DEPTH):
            with self.subTest(matrix=matrix, range=range, siting=siting, dst=dst):
                rgb, frame = deep_picture(45, 26, "rgba64")
                found = pixfer.convert(frame, "rgba64", dst, matrix=matrix, range=range, siting=siting)
                self.assertEqual(bytes(found), raw(planes_of_rgb(rgb, dst, matrix, range, siting, 65535)))

    def test_background(self):
        grey = np.full((4, 6, 4), 204, np.uint8)
        clear = np.zeros((4, 6, 4), np.uint8)
        clear[..., 3] = 51  # a fifth of black over white is 204 of 255
        expected = bytes(pixfer.convert(grey, "rgba", "nv12"))
        self.assertEqual(bytes(pixfer.convert(clear, "rgba", "nv12", background=0xFFFFFF)), expected)
        self.assertNotEqual(bytes(pixfer.convert(clear, "rgba", "nv12")), expected)
        converter = pixfer.Converter("bgra", "nv12", 6, 4, background=0x0000FF)
        clear[..., 3] = 0
        blue = source(np.full((4, 6, 3), (0, 0, 255), np.uint8), "bgra")
        self.assertEqual(bytes(converter.convert(clear)), bytes(pixfer.convert(blue, "bgra", "nv12")))
        self.assertEqual(bytes(pixfer.Converter("abgr", "nv12", 6, 4, background=0x0000FF).convert(clear[..., ::-1])), bytes(pixfer.convert(blue, "bgra", "nv12")))
        for kind, wrong in ((ValueError, -1), (ValueError, 1 << 24), (TypeError, "white"), (TypeError, 1.0), (TypeError, True)):
            with self.assertRaisesRegex(kind, "background"):
                pixfer.convert(clear, "rgba", "nv12", background=wrong)

    def test_frames_of_more_than_eight_bits(self):
        for src, (_, item) in DEEP.items():
            with self.subTest(src=src):
                rgb, array = deep_picture(6, 4, src)
                frame = pixfer.Frame(src, 6, 4)
                whole = np.asarray(frame)
                self.assertEqual((whole.dtype, whole.nbytes), (item, frame.nbytes))
                whole[:] = array.reshape(-1)
                self.assertEqual([np.asarray(plane).dtype for plane in frame], [item] * len(frame))
                self.assertEqual(bytes(pixfer.convert(frame, src, "p016", width=6, height=4)), raw(planes_of_rgb(rgb, "p016", white=DEEP[src][0])))
                planes = [array] if array.ndim == 2 or src.startswith("rgba") else list(array)
                out = [np.asarray(plane) for plane in pixfer.Frame("i410", 6, 4)]
                pixfer.Converter(src, "i410", 6, 4).convert(tuple(planes), out)
                self.assertEqual(b"".join(plane.tobytes() for plane in out), raw(planes_of_rgb(rgb, "i410", white=DEEP[src][0])))
                wide = np.zeros((4, 40, *array.shape[2:]), array.dtype) if array.ndim == 2 or src.startswith("rgba") else None
                if wide is not None:  # rows with gaps
                    wide[:, 3:9] = array
                    self.assertEqual(bytes(pixfer.convert(wide[:, 3:9], src, "nv12")), raw(planes_of_rgb(rgb, "nv12", white=DEEP[src][0])))

    def test_every_colour(self):
        rgb = picture(45, 26)
        for matrix, range, siting, dst in itertools.product(pixfer.MATRICES, pixfer.RANGES, pixfer.SITINGS, ("nv12", "p010", "i422", "nv24")):
            with self.subTest(matrix=matrix, range=range, siting=siting, dst=dst):
                found = pixfer.Converter("rgba", dst, 45, 26, matrix=matrix, range=range, siting=siting)
                self.assertEqual((found.matrix, found.range, found.siting), (matrix, range, siting))
                self.assertEqual(bytes(found.convert(source(rgb, "rgba"))), raw(planes_of_rgb(rgb, dst, matrix, range, siting)))

    def test_packed_sources(self):
        random = np.random.default_rng(3)
        for src, dst, siting, width in itertools.product(("yuyv", "uyvy"), ("nv12", "nv21", "i420", "yv12"), pixfer.SITINGS, (1, 8, 13)):
            with self.subTest(src=src, dst=dst, siting=siting, width=width):
                packed = random.integers(0, 256, (9, (width + 1) // 2, 4), np.uint8)
                expected = raw(planes_of_packed(packed, width, dst, src, siting))
                self.assertEqual(bytes(pixfer.convert(packed, src, dst, width=width, height=9, siting=siting)), expected)
                if width % 2 == 0:  # what cameras and OpenCV give
                    self.assertEqual(bytes(pixfer.convert(packed.reshape(9, width, 2), src, dst, siting=siting)), expected)

    def test_every_instruction_set(self):
        rgb = picture(131, 40)
        expected = raw(planes_of_rgb(rgb, "nv12"))
        self.assertEqual(pixfer.cpu_names()[-1], "c")
        for cpu in pixfer.cpu_names():
            converter = pixfer.Converter("rgba", "nv12", 131, 40, cpu=cpu)
            self.assertEqual(converter.info.isa, cpu)
            self.assertEqual(bytes(converter.convert(source(rgb, "rgba"))), expected)

    def test_one_call_takes_colour(self):
        rgb = picture(20, 10)
        found = pixfer.rgba_to_nv12(source(rgb, "rgba"), matrix="bt601", range="full", siting="center", threads=2)
        self.assertEqual(bytes(found), raw(planes_of_rgb(rgb, "nv12", "bt601", "full", "center")))

    def test_names_in_any_case_and_other_spellings(self):
        converter = pixfer.Converter("RGBX", "Nv12", 4, 4, matrix="SMPTE170M", range="TV", siting="Centre")
        self.assertEqual((converter.src_format, converter.dst_format), ("rgba", "nv12"))
        self.assertEqual((converter.matrix, converter.range, converter.siting), ("bt601", "limited", "center"))


class Sources(unittest.TestCase):
    def setUp(self):
        self.rgb = picture(64, 36)
        self.rgba = source(self.rgb, "rgba")
        self.expected = raw(planes_of_rgb(self.rgb, "nv12"))

    def check(self, found):
        self.assertEqual(bytes(found), self.expected)

    def test_kinds_of_memory(self):
        data = self.rgba.tobytes()
        mapping = mmap.mmap(-1, len(data))
        mapping[:] = data
        for memory in (data, bytearray(data), memoryview(data), array.array("B", data), mapping, (ctypes.c_uint8 * len(data))(*data),
                       self.rgba.reshape(-1)):
            self.check(pixfer.rgba_to_nv12(memory, width=64, height=36))
            self.check(pixfer.Converter("rgba", "nv12", 64, 36).convert(memory))
        self.check(pixfer.rgba_to_nv12(memoryview(data).cast("B", (36, 64, 4))))
        self.check(pixfer.rgba_to_nv12(((ctypes.c_uint8 * 4 * 64) * 36).from_buffer_copy(data)))
        self.check(pixfer.rgba_to_nv12(self.rgba.reshape(36, 256), width=64, height=36))
        self.check(pixfer.rgba_to_nv12((self.rgba,)))

    def test_read_only(self):
        self.rgba.flags.writeable = False
        self.check(pixfer.rgba_to_nv12(self.rgba))

    def test_crops_strides_and_flips(self):
        big = np.random.default_rng(5).integers(0, 256, (100, 90, 4), np.uint8)
        for view in (big[10:46, 7:71], big[10:82:2, 7:71], big[45:9:-1, 7:71], big[81:9:-2, 7:71], big[:1, :64], big[:36, :1]):
            height, width = view.shape[:2]
            expected = raw(planes_of_rgb(view[..., :3], "nv12"))
            before = view.copy()
            self.assertEqual(bytes(pixfer.rgba_to_nv12(view)), expected)
            self.assertEqual(bytes(pixfer.Converter("rgba", "nv12", width, height).convert(memoryview(view))), expected)
            self.assertTrue((view == before).all())

    def test_reversed_channels_are_read_in_place(self):
        big = np.random.default_rng(6).integers(0, 256, (41, 33, 4), np.uint8)
        for channels, src in ((4, "rgba"), (4, "bgra"), (4, "argb"), (4, "abgr"), (3, "rgb24"), (3, "bgr24")):
            memory = np.ascontiguousarray(big[..., :channels])
            view = memory[::-1, 1:, ::-1]
            with pixfer.Converter(src, "i420", 32, 41) as converter:
                self.assertEqual(bytes(converter.convert(view)), bytes(converter.convert(view.copy())))
                self.assertEqual(converter.info.frames, 2)

    def test_an_axis_of_length_one_has_any_stride(self):
        row = np.lib.stride_tricks.as_strided(self.rgba, (1, 64, 4), (1, 4, 1))
        column = np.lib.stride_tricks.as_strided(self.rgba, (36, 1, 4), (256, 999, 1))
        self.assertEqual(bytes(pixfer.rgba_to_nv12(row)), raw(planes_of_rgb(self.rgb[:1], "nv12")))
        self.assertEqual(bytes(pixfer.rgba_to_nv12(column)), raw(planes_of_rgb(self.rgb[:, :1], "nv12")))

    def test_planar_sources(self):
        planes = source(self.rgb, "gbrp")
        padded = np.zeros((3, 50, 80), np.uint8)
        padded[:, :36, :64] = planes
        for given in (planes, tuple(planes), list(planes), padded[:, :36, :64], planes.reshape(108, 64)):
            self.check(pixfer.convert(given, "gbrp", "nv12", width=64, height=36))
        self.check(pixfer.convert(planes, "gbrp", "nv12"))
        self.check(pixfer.convert(tuple(planes), "gbrp", "nv12"))
        self.check(pixfer.convert(planes[:, ::-1][:, ::-1], "gbrp", "nv12"))

    def test_nothing_is_copied(self):
        big = np.zeros((1080, 1930, 4), np.uint8)
        out = pixfer.Frame("nv12", 1920, 1080)
        converter = pixfer.Converter("rgba", "nv12", 1920, 1080)
        for view in (big[:, 5:1925], big[::-1, :1920], big[:, :1920, ::-1]):
            converter.convert(view, out)
            tracemalloc.start()
            converter.convert(view, out)
            pixfer.rgba_to_nv12(view, out)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            self.assertLess(peak, 10000)

    def test_pillow(self):
        image = Image.fromarray(self.rgba)
        self.check(pixfer.rgba_to_nv12(image))
        self.check(pixfer.convert(image.convert("RGB"), "rgb24", "nv12"))
        self.check(pixfer.Converter("rgba", "nv12", 64, 36).convert(image))
        box = (3, 5, 33, 30)
        self.assertEqual(bytes(pixfer.rgba_to_nv12(image.crop(box))), raw(planes_of_rgb(self.rgb[5:30, 3:33], "nv12")))
        for turn, flipped in ((Image.Transpose.FLIP_TOP_BOTTOM, self.rgb[::-1]), (Image.Transpose.FLIP_LEFT_RIGHT, self.rgb[:, ::-1]),
                              (Image.Transpose.ROTATE_90, np.rot90(self.rgb))):
            self.assertEqual(bytes(pixfer.rgba_to_nv12(image.transpose(turn))), raw(planes_of_rgb(flipped, "nv12")))
        shared = Image.frombuffer("RGBA", (64, 36), self.rgba.tobytes(), "raw", "RGBA", 0, 1)
        self.check(pixfer.rgba_to_nv12(shared))
        with self.assertRaisesRegex(ValueError, r"src: found shape \(36, 64, 3\), expected \(36, 64, 4\)"):
            pixfer.rgba_to_nv12(image.convert("RGB"))
        with self.assertRaisesRegex(TypeError, "found items of type '<f4', expected uint8"):
            pixfer.rgba_to_nv12(Image.new("F", (64, 36)))
        with self.assertRaisesRegex(TypeError, "out: found an object of type Image"):
            pixfer.rgba_to_nv12(self.rgba, out=image)


class Destinations(unittest.TestCase):
    def setUp(self):
        self.rgb = picture(30, 22)
        self.rgba = source(self.rgb, "rgba")

    def test_one_array(self):
        for dst in pixfer.DESTINATION_FORMATS:
            expected = raw(planes_of_rgb(self.rgb, dst))
            item = np.uint16 if dst in DEPTH else np.uint8
            row = 30
            shapes = [(len(expected) // item().itemsize,), (len(expected) // item().itemsize // row, row)]
            shapes += [(3, 22, 30)] if dst in ("i444", "i410") else []
            for shape in shapes:
                with self.subTest(dst=dst, shape=shape):
                    out = np.zeros(shape, item)
                    self.assertIs(pixfer.convert(self.rgba, "rgba", dst, out), out)
                    self.assertEqual(out.tobytes(), expected)
            raw_out = bytearray(len(expected))
            if dst in DEPTH:
                self.assertEqual(memoryview(raw_out).itemsize, 1)
            self.assertIs(pixfer.convert(self.rgba, "rgba", dst, out=raw_out), raw_out)
            self.assertEqual(raw_out, expected)

    def test_planes_with_padding_and_flips(self):
        for dst in pixfer.DESTINATION_FORMATS:
            expected = planes_of_rgb(self.rgb, dst)
            for flip in (1, -1):
                with self.subTest(dst=dst, flip=flip):
                    memory = [np.full((len(plane) * 2 + 3, *(n + 9 for n in plane.shape[1:2]), *plane.shape[2:]), 0xAB, plane.dtype)
                              for plane in expected]
                    outs = [m[1:1 + len(p) * 2:2, 4:4 + p.shape[1]][::flip] for m, p in zip(memory, expected)]
                    pixfer.Converter("rgba", dst, 30, 22).convert(self.rgba, outs)
                    for m, out, plane in zip(memory, outs, expected):
                        self.assertTrue((out == plane).all())
                        out[...] = 0xAB
                        self.assertTrue((m == 0xAB).all(), "bytes beside the plane were written")

    def test_semi_planar_chroma_in_two_dimensions(self):
        y, uv = np.zeros((22, 30), np.uint8), np.zeros((11, 30), np.uint8)
        pixfer.rgba_to_nv12(self.rgba, (y, uv))
        self.assertEqual(y.tobytes() + uv.tobytes(), raw(planes_of_rgb(self.rgb, "nv12")))
        flat = [bytearray(22 * 30), bytearray(11 * 30)]
        pixfer.rgba_to_nv12(self.rgba, flat)
        self.assertEqual(b"".join(flat), raw(planes_of_rgb(self.rgb, "nv12")))

    def test_one_array_with_row_stride(self):
        memory = np.full((33, 50), 0xAB, np.uint8)
        pixfer.rgba_to_nv12(self.rgba, memory[:, 8:38])
        self.assertEqual(memory[:, 8:38].tobytes(), raw(planes_of_rgb(self.rgb, "nv12")))
        memory[:, 8:38] = 0xAB
        self.assertTrue((memory == 0xAB).all())

    def test_frame(self):
        frame = pixfer.rgba_to_nv12(self.rgba)
        y, uv = frame
        self.assertEqual((y.shape, uv.shape, len(frame), frame.nbytes), ((22, 30), (11, 15, 2), 2, 990))
        self.assertEqual([plane.shape for plane in frame.planes], [(22, 30), (11, 15, 2)])
        self.assertEqual((np.asarray(y) == planes_of_rgb(self.rgb, "nv12")[0]).all(), True)
        self.assertEqual(frame[-1].tobytes(), uv.tobytes())
        self.assertRaises(IndexError, lambda: frame[2])
        self.assertEqual(np.asarray(frame).shape, (990,))
        self.assertEqual(memoryview(frame).format, "B")
        self.assertFalse(memoryview(frame).readonly)
        self.assertEqual(repr(frame), "<pixfer.Frame nv12 30x22>")
        del frame
        self.assertEqual(y.tobytes() + uv.tobytes(), raw(planes_of_rgb(self.rgb, "nv12")), "planes outlive their frame")
        deep = pixfer.Frame("p010", 5, 3)
        self.assertEqual((deep.nbytes, bytes(deep), deep[0].format, deep[0].shape, np.asarray(deep[1]).dtype), (54, bytes(54), "H", (3, 5), np.uint16))
        self.assertEqual(np.asarray(deep).shape, (27,))
        packed = pixfer.Frame("rgba", 5, 3)
        self.assertEqual((len(packed), packed[0].shape), (1, (3, 5, 4)))
        np.asarray(packed[0])[...] = 7
        self.assertEqual(bytes(packed), b"\7" * 60)
        self.assertEqual(bytes(pixfer.rgba_to_nv12(packed)), bytes(pixfer.rgba_to_nv12(np.full((3, 5, 4), 7, np.uint8))))

    def test_frame_is_used_again(self):
        frame = pixfer.Frame("nv12", 30, 22)
        self.assertIs(pixfer.rgba_to_nv12(self.rgba, out=frame), frame)
        self.assertEqual(bytes(frame), raw(planes_of_rgb(self.rgb, "nv12")))


class Converting(unittest.TestCase):
    def test_rows(self):
        rgb = picture(40, 31)
        for siting in pixfer.SITINGS:
            out = pixfer.Frame("i420", 40, 31)
            with pixfer.Converter("rgba", "i420", 40, 31, siting=siting) as converter:
                for first in (16, 0, 8, 24):
                    self.assertIsNone(converter.convert_rows(source(rgb, "rgba"), out, first, min(8, 31 - first)))
            self.assertEqual(bytes(out), raw(planes_of_rgb(rgb, "i420", siting=siting)))

    def test_batch(self):
        pictures = [picture(20, 12, seed) for seed in range(9)]
        expected = [raw(planes_of_rgb(rgb, "nv12")) for rgb in pictures]
        with pixfer.Converter("bgr24", "nv12", 20, 12, threads=3) as converter:
            sources = [source(rgb, "bgr24") for rgb in pictures]
            self.assertEqual([bytes(frame) for frame in converter.convert_batch(sources)], expected)
            outs = [bytearray(360) for _ in pictures]
            found = converter.convert_batch(iter(sources), outs)
            self.assertTrue(all(a is b for a, b in zip(found, outs)))
            self.assertEqual(outs, expected)
            self.assertEqual(converter.convert_batch([]), [])
            self.assertEqual(converter.info.frames, 18)
            with self.assertRaisesRegex(ValueError, "outs: found 1 frames, expected 2"):
                converter.convert_batch(sources[:2], outs[:1])
            with self.assertRaisesRegex(ValueError, r"sources\[1\]: found shape \(11, 20, 3\)"):
                converter.convert_batch([sources[0], sources[1][1:]])
            with self.assertRaisesRegex(TypeError, "sources: found one buffer, expected a list"):
                converter.convert_batch(np.stack(sources))
            with self.assertRaises(ValueError):  # one destination for two
                converter.convert_batch(sources[:2], [outs[0], outs[0]])

    def test_life(self):
        rgba = source(picture(8, 8), "rgba")
        with pixfer.Converter("rgba", "nv12", 8, 8, threads=2) as converter:
            self.assertEqual(repr(converter), "<pixfer.Converter 8x8 rgba to nv12, bt709, limited range, siting left>")
            self.assertEqual((converter.width, converter.height, converter.closed), (8, 8, False))
            converter.convert(rgba)
            info = converter.info
            self.assertEqual((info.backend, info.exact, info.frames, info.threads, info.fallback_reason), ("cpu", True, 1, 2, None))
        self.assertTrue(converter.closed)
        converter.close()
        for call in (lambda: converter.convert(rgba), lambda: converter.info, converter.__enter__, lambda: converter.convert_batch([rgba])):
            self.assertRaisesRegex(ValueError, "the converter is closed", call)

    def test_log(self):
        lines = []
        converter = pixfer.Converter("rgba", "nv12", 8, 8, log=lambda level, line: lines.append((level, line)))
        with self.assertRaises(ValueError) as caught:
            converter.convert_rows(bytes(256), pixfer.Frame("nv12", 8, 8), 1, 2)
        self.assertIn((40, str(caught.exception)), lines)
        self.assertTrue(all(level in (10, 20, 30, 40) for level, _ in lines))

        def fails(level, line):
            raise KeyError(line)

        with self.assertRaises((KeyError, ValueError)):
            pixfer.Converter("rgba", "nv12", 8, 8, log=fails).convert_rows(bytes(256), pixfer.Frame("nv12", 8, 8), 1, 2)

    def test_environment(self):
        code = ("import pixfer; c = pixfer.Converter('rgba', 'nv12', 8, 8); print(c.info.isa, c.info.threads);"
                "c.convert_rows(bytes(256), pixfer.Frame('nv12', 8, 8), 1, 2)")

        def run(**environment):
            return subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True)

        found = run(PIXFER_CPU="c", PIXFER_THREADS="3", PIXFER_LOG="error")
        self.assertEqual(found.stdout, "c 3\n", found.stderr)
        self.assertRegex(found.stderr, "(?m)^pixfer: .*first")
        self.assertRegex(run(PIXFER_LOG="loud").stderr, 'ValueError: PIXFER_LOG is "loud", expected error, warning, info or debug')
        self.assertRegex(run(PIXFER_CPU="z80").stderr, 'ValueError: cpu is "z80", expected')
        self.assertNotRegex(run().stderr, "(?m)^pixfer:")

    def test_module(self):
        self.assertRegex(pixfer.__version__, r"^\d+\.\d+\.\d+$")
        names = [backend.name for backend in pixfer.backends()]
        self.assertEqual(names[0], "cpu")
        self.assertIsNone(pixfer.backends()[0].missing)
        self.assertTrue(set(pixfer.SITINGS) and "Converter" in dir(pixfer))
        scope = {}
        exec("from pixfer import *", scope)
        self.assertIn("Converter", scope)
        with self.assertRaises(AttributeError):
            pixfer.nothing
        for name in dir(pixfer):
            self.assertTrue(name in ("__version__",) or getattr(pixfer, name).__doc__, name)


if __name__ == "__main__":
    unittest.main()
