# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Random and malicious arguments: each is converted rightly or refused with TypeError or ValueError, and nothing outside of the
destination is ever written. PIXFER_FUZZ_ROUNDS says how many, PIXFER_FUZZ_SEED where to begin."""

import ctypes
import os
import random
import struct
import sys
import unittest

import numpy as np
import pixfer

from common import CHANNELS, DEEP, planes_of_rgb, raw

ROUNDS = int(os.environ.get("PIXFER_FUZZ_ROUNDS", 3000))
SEED = int(os.environ.get("PIXFER_FUZZ_SEED", 1))
REFUSED = (TypeError, ValueError)
GUARD = 4096


class PyBuffer(ctypes.Structure):
    _fields_ = [("buf", ctypes.c_void_p), ("obj", ctypes.py_object), ("len", ctypes.c_ssize_t), ("itemsize", ctypes.c_ssize_t),
                ("readonly", ctypes.c_int), ("ndim", ctypes.c_int), ("format", ctypes.c_char_p), ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
                ("strides", ctypes.POINTER(ctypes.c_ssize_t)), ("suboffsets", ctypes.POINTER(ctypes.c_ssize_t)), ("internal", ctypes.c_void_p)]


def seen(packed, src):
    """(height, width, 3) of R, G, B in an array of (height, width, channels)."""
    return np.stack([packed[..., CHANNELS[src].index(name)] for name in "RGB"], -1)


def seen_deep(array, src):
    """The same of formats of more than 8 bits, from 0 to DEEP[src][0]; `array` is (height, width), (height, width, 4) or (3, height, width)."""
    white, item = DEEP[src]
    if item == np.uint32:
        low, high = array & 1023, array >> 20 & 1023
        return np.stack([low, array >> 10 & 1023, high] if src == "rgb10a2" else [high, array >> 10 & 1023, low], -1)
    rgb = array[..., :3] if src.startswith("rgba") else np.stack([array[2], array[0], array[1]], -1)
    if item in (np.float16, np.float32):
        return (np.clip(np.where(np.isnan(rgb), 0, rgb).astype(np.float64), 0, 1) * white).astype(np.int64)
    return rgb & white


class Fuzz(unittest.TestCase):
    def view(self, rng, memory, shape, wanted=np.uint8):
        """A view of `memory` with about that shape, any strides that stay inside, and any type, most often `wanted`."""
        kind = rng.choice([wanted] * 12 + [np.int8, np.uint16, np.float32, bool, ">u2"])
        item = np.dtype(kind).itemsize
        shape = [max(0, n + rng.choice([0] * 20 + [-1, 1])) for n in shape]
        strides, step = [0] * len(shape), item
        for axis in reversed(range(len(shape))):
            strides[axis] = step * rng.choice([1] * 8 + [-1, -1, 2, 0]) + (rng.choice([0] * 3 + [1, 7, -2]) if axis == 0 else 0)
            step = max(step * max(shape[axis], 1), item)
        low = sum(min(0, (n - 1) * s) for n, s in zip(shape, strides) if n)
        high = sum(max(0, (n - 1) * s) for n, s in zip(shape, strides) if n) + item
        if high - low > len(memory) - 2 * GUARD or 0 in shape:
            return np.ndarray(shape, kind, np.zeros(abs(np.prod(shape)) * item + 8, np.uint8))
        return np.ndarray(shape, kind, memory, GUARD - low, strides)

    def test_sources(self):
        rng, noise = random.Random(SEED), np.random.default_rng(SEED)
        memory = noise.integers(0, 256, 200_000, np.uint8)
        outcomes = {"converted": 0, "refused": 0}
        for round in range(ROUNDS):
            src = rng.choice([name for name in CHANNELS if name != "gbrp"])
            width, height = rng.randint(1, 40), rng.randint(1, 30)
            channels = len(CHANNELS[src])
            shape = rng.choice([(height, width, channels)] * 6 + [(height, width * channels), (height * width * channels,), (width, height),
                                                                  (1, height, width, channels), ()])
            view = self.view(rng, memory, shape)
            if rng.random() < 0.1:
                view = memoryview(view) if view.dtype.byteorder != ">" else view
            given = rng.choice([view, view, (view,), [view]])
            with self.subTest(round=round, seed=SEED):
                try:
                    frame = pixfer.convert(given, src, "nv12", width=width, height=height)
                except REFUSED as error:
                    outcomes["refused"] += 1
                    self.assertRegex(str(error), "expected|cannot|apart|without", str(error))
                    array = np.asarray(view)
                    good = array.dtype == np.uint8 and array.flags.c_contiguous and array.size == height * width * channels and \
                        array.shape in ((height, width, channels), (height, width * channels), (height * width * channels,))
                    self.assertFalse(good, error)
                else:
                    outcomes["converted"] += 1
                    packed = np.ascontiguousarray(view).reshape(height, width, channels)
                    self.assertEqual(bytes(frame), raw(planes_of_rgb(seen(packed, src), "nv12")))
        self.assertGreater(min(outcomes.values()), ROUNDS // 20, outcomes)

    def test_deep_sources(self):
        rng, noise = random.Random(SEED + 3), np.random.default_rng(SEED)
        words = noise.integers(0, 256, 200_000, np.uint8)
        floats = (noise.integers(-(1 << 22), 5 << 22, 50_000) / (1 << 24)).astype(np.float32)  # multiples of 2^-24 below 0 and above 1, too
        floats[::50] = rng.choice([np.nan, np.inf, -np.inf])
        outcomes = {"converted": 0, "refused": 0}
        for round in range(ROUNDS):
            src, dst = rng.choice(list(DEEP)), rng.choice(("p010", "nv12", "i410"))
            white, item = DEEP[src]
            width, height = rng.randint(1, 24), rng.randint(1, 20)
            whole = (height, width) if item == np.uint32 else (height, width, 4) if src.startswith("rgba") else (3, height, width)
            total = int(np.prod(whole))
            shape = rng.choice([whole] * 6 + [(total // width, width), (total,), (width, height), (1, *whole), ()])
            memory = floats.view(np.uint8) if src == "gbrpf32" else words
            view = self.view(rng, memory, shape, item)
            given = rng.choice([view, view, view, [view], tuple(view) if view.ndim == 3 else (view,)])
            with self.subTest(round=round, seed=SEED):
                try:
                    frame = pixfer.convert(given, src, dst, width=width, height=height)
                except REFUSED as error:
                    outcomes["refused"] += 1
                    self.assertRegex(str(error), "expected|cannot|apart|without|multiple|even", str(error))
                    self.assertFalse(given is view and view.dtype == item and view.flags.c_contiguous and view.shape in (whole, (total,)), error)
                else:
                    outcomes["converted"] += 1
                    array = np.ascontiguousarray(view)
                    array = np.frombuffer(array.tobytes(), item).reshape(whole)  # bytes are taken for all items
                    self.assertEqual(bytes(frame), raw(planes_of_rgb(seen_deep(array, src), dst, white=white)))
        self.assertGreater(min(outcomes.values()), ROUNDS // 20, outcomes)

    def test_destinations(self):
        rng, noise = random.Random(SEED + 1), np.random.default_rng(SEED)
        memory = np.full(200_000, 0xAB, np.uint8)
        outcomes = {"converted": 0, "refused": 0}
        for round in range(ROUNDS // 2):
            dst = rng.choice(("nv12", "i420", "nv24", "i444", "p010", "nv16"))
            width, height = rng.randint(1, 24), rng.randint(1, 16)
            rgba = noise.integers(0, 256, (height, width, 4), np.uint8)
            expected = planes_of_rgb(rgba[..., :3], dst)
            total = sum(plane.size for plane in expected)
            deep = dst == "p010"
            memory[:] = 0xAB
            parts = np.split(memory, 4)
            if rng.random() < 0.5:
                out = tuple(self.view(rng, part, plane.shape) for part, plane in zip(parts, expected))
                if deep and rng.random() < 0.9:
                    out = tuple(np.ndarray(plane.shape, np.uint16, part, GUARD, [s * rng.choice([1, 1, 1, 2]) if i == 0 else s for i, s in
                                enumerate(plane.strides)]) for part, plane in zip(parts, expected))
                if rng.random() < 0.1:
                    out = out[: rng.randint(0, 3)] + out[:1]
            else:
                out = self.view(rng, memory, rng.choice([(total,), (total // width, width), (3, height, width)]))
            with self.subTest(round=round, seed=SEED):
                converter = pixfer.Converter("rgba", dst, width, height)
                try:
                    self.assertIs(converter.convert(rgba, out), out)
                except REFUSED:
                    outcomes["refused"] += 1
                    self.assertTrue((memory == 0xAB).all(), "a refused call wrote")
                    continue
                outcomes["converted"] += 1
                if isinstance(out, tuple):
                    for found, plane in zip(out, expected):
                        self.assertEqual(found.tobytes(), plane.tobytes())
                else:
                    self.assertEqual(out.tobytes(), raw(expected))
                for found in out if isinstance(out, tuple) else (out,):
                    found[...] = np.frombuffer(b"\xab" * found.itemsize, found.dtype)[0]
                self.assertTrue((memory == 0xAB).all(), "bytes beside the planes were written")
        self.assertGreater(min(outcomes.values()), ROUNDS // 40, outcomes)

    def test_values(self):
        rng = random.Random(SEED + 2)
        odd = [None, True, -1, 0, 1, 2, 16, 2**24, 2**24 + 1, 2**31, 2**32, 2**63, -2**63, 2**70, 1.5, float("nan"), "", "rgba", "nv12", "bt709", "\0",
               "x" * 10000, "\ud800", b"", b"x" * 64, bytearray(96), [], {}, (), object(), lambda *line: None, np.uint8(3), np.zeros((4, 4, 4), np.uint8)]
        for _ in range(ROUNDS):
            good = ["rgba", "nv12", 4, 4]
            keywords = {}
            for _ in range(rng.randint(1, 3)):
                name = rng.choice([0, 1, 2, 3, "matrix", "range", "siting", "backend", "threads", "cpu", "log", "more"])
                if isinstance(name, int):
                    good[name] = rng.choice(odd)
                else:
                    keywords[name] = rng.choice(odd)
            for call in (lambda: pixfer.Converter(*good, **keywords), lambda: pixfer.Frame(good[1], *good[2:]),
                         lambda: pixfer.convert(rng.choice(odd), good[0], good[1], width=good[2], height=good[3], out=rng.choice(odd)),
                         lambda: pixfer.Exporter(rng.choice([3.5, None, "", "\0", "/nonexistent/x.mp4"]), good[2], good[3], rng.choice(odd), **keywords)):
                if not any(side is huge for side in good[2:] for huge in (odd[7],)):  # would be gigabytes
                    try:
                        call()
                    except (TypeError, ValueError, MemoryError, OSError, pixfer.Error):
                        pass


class Hostile(unittest.TestCase):
    def buffer(self, memory, shape, strides=None, format=b"B", itemsize=1, length=None, suboffsets=None, dimensions=None, readonly=0):
        """A memoryview that says of `memory` whatever it is told to."""
        n = len(shape)
        view = PyBuffer()
        view.buf = ctypes.addressof(memory)
        view.itemsize, view.format, view.readonly = itemsize, format, readonly
        view.ndim = n if dimensions is None else dimensions
        self.kept = getattr(self, "kept", [])
        arrays = [(ctypes.c_ssize_t * max(n, 1))(*values) if values is not None else None for values in (shape, strides, suboffsets)]
        self.kept += [view, memory, *arrays]
        view.shape, view.strides, view.suboffsets = [ctypes.cast(a, ctypes.POINTER(ctypes.c_ssize_t)) if a is not None else None for a in arrays]
        product = 1
        for length_of_axis in shape:
            product *= length_of_axis
        view.len = product * itemsize if length is None else length
        make = ctypes.pythonapi.PyMemoryView_FromBuffer
        make.restype, make.argtypes = ctypes.py_object, [ctypes.POINTER(PyBuffer)]
        return make(ctypes.byref(view))

    def refused(self, given, words=""):
        with self.assertRaisesRegex(REFUSED, words):
            pixfer.Converter("rgba", "nv12", 8, 6).convert(given)
        if not isinstance(given, memoryview) or not given.readonly:
            with self.assertRaises(REFUSED):
                pixfer.Converter("rgba", "nv12", 8, 6).convert(bytes(192), given)

    def test_buffers_that_lie(self):
        memory = (ctypes.c_uint8 * 4096)()
        good = self.buffer(memory, (6, 8, 4), (32, 4, 1))
        self.assertEqual(len(bytes(pixfer.Converter("rgba", "nv12", 8, 6).convert(good))), 72)
        big = 2**62
        for given in (
            self.buffer(memory, (6, 8, 4), (big, 4, 1)), self.buffer(memory, (6, 8, 4), (-big, 4, 1)), self.buffer(memory, (6, 8, 4), (2**63 - 1, 4, 1)),
            self.buffer(memory, (6, 8, 4), (-2**63, 4, 1)), self.buffer(memory, (6, 8, 4), (32, big, 1)), self.buffer(memory, (6, 8, 4), (32, 4, big)),
            self.buffer(memory, (6, 8, 4), (32, 4, -2**63)), self.buffer(memory, (6, 8, 4), (0, 0, 0)), self.buffer(memory, (6, 8, 4), (32, 4, 0)),
            self.buffer(memory, (big, big, 4), (32, 4, 1), length=192), self.buffer(memory, (6, 8, -4), (32, 4, 1), length=192),
            self.buffer(memory, (-6, -8, 4), (32, 4, 1), length=192), self.buffer(memory, (6, 8, 4), (32, 4, 1), length=191),
            self.buffer(memory, (6, 8, 4), (32, 4, 1), length=-1), self.buffer(memory, (6, 8, 4), (32, 4, 1), length=big),
            self.buffer(memory, (192,), (1,), itemsize=-1, length=-192), self.buffer(memory, (192,), (0,), itemsize=0, length=0),
            self.buffer(memory, (192,), (2,)), self.buffer(memory, (192,), (-1,)), self.buffer(memory, (192,), (0,)),
            self.buffer(memory, (48,), (4,), format=b"I", itemsize=4), self.buffer(memory, (192,), (1,), format=b""),
            self.buffer(memory, (192,), (1,), format=b"BB"), self.buffer(memory, (192,), (1,), format=b"@"), self.buffer(memory, (192,), (1,), format=b"<"),
            self.buffer(memory, (192,), (1,), format=b"x" * 5000), self.buffer(memory, (192,), (1,), format=b"\xff\xfe"),
            self.buffer(memory, (192,), (1,), format=b"%s%n"), self.buffer(memory, (96,), (2,), format=b"H", itemsize=2),
            self.buffer(memory, (6, 8, 4), (32, 4, 1), suboffsets=(0, -1, -1)), self.buffer(memory, (6, 8, 4), (32, 4, 1), suboffsets=(-1, -1, 8)),
            self.buffer(memory, (1,) * 60 + (6, 8, 4), (1,) * 60 + (32, 4, 1)), self.buffer(memory, (), (), length=1),
        ):
            with self.subTest(shape=given.shape[:4], strides=given.strides[:4], length=given.nbytes):
                self.refused(given)

    def test_no_memory_behind_it(self):
        for given in (memoryview(b""), bytearray(), np.zeros((0, 8, 4), np.uint8), np.zeros((6, 0, 4), np.uint8), (ctypes.c_uint8 * 0)()):
            self.refused(given, "shape|read-only")

    def test_objects_that_run_code(self):
        class Planes:
            def __init__(self, answer):
                self.answer = answer

            @property
            def planes(self):
                return self.answer(self)

        def fails(_):
            raise ZeroDivisionError("planes")

        converter = pixfer.Converter("rgba", "nv12", 8, 6)
        for answer in (fails, lambda self: None, lambda self: 3, lambda self: self, lambda self: iter([self]), lambda self: "ab", lambda self: [[], []]):
            with self.assertRaises(REFUSED):
                converter.convert(Planes(answer))
            with self.assertRaises(REFUSED):
                converter.convert(bytes(192), Planes(answer))

        def closes(self):
            converter.close()
            return (bytearray(192),)

        with self.assertRaisesRegex(ValueError, "the converter is closed"):
            converter.convert(Planes(closes))

        class Interrupts:
            @property
            def planes(self):
                raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            pixfer.Converter("rgba", "nv12", 8, 6).convert(Interrupts())

        class Interface:
            def __init__(self, interface):
                self.__array_interface__ = interface

        for interface in (None, 3, {}, {"data": 3}, {"data": b"", "shape": (), "typestr": "|u1"}, {"data": bytes(192), "shape": (6, 8, 4), "typestr": "|u2"},
                          {"data": bytes(192), "shape": (6, 8, 2**62), "typestr": "|u1"}, {"data": bytes(192), "shape": (6, 8, "4"), "typestr": "|u1"},
                          {"data": bytes(191), "shape": (6, 8, 4), "typestr": "|u1"}, {"data": (12345, False), "shape": (6, 8, 4), "typestr": "|u1"},
                          {"data": bytes(192), "shape": 7, "typestr": "|u1"}, {"data": bytes(192), "shape": (6, -8, -4), "typestr": "|u1"},
                          {"data": bytes(192), "shape": (6, 8, 4), "typestr": 7}, {"data": bytes(192), "shape": (6, 8, 4), "strides": (0, 0, 0), "typestr": "|u1"}):
            with self.subTest(interface=interface):
                with self.assertRaises(REFUSED):
                    pixfer.Converter("rgba", "nv12", 8, 6).convert(Interface(interface))

    def test_deep_buffers(self):
        memory = (ctypes.c_uint8 * 4096)()
        converter = pixfer.Converter("rgba", "p010", 8, 6)
        for format in (b"H", b"=H", b"<H" if sys.byteorder == "little" else b">H"):
            self.assertEqual(converter.convert(bytes(192), self.buffer(memory, (72,), (2,), format=format, itemsize=2)).nbytes, 144)
        for given in (self.buffer(memory, (72,), (2,), format=b">H" if sys.byteorder == "little" else b"<H", itemsize=2),
                      self.buffer(memory, (72,), (2,), format=b"h", itemsize=2), self.buffer(memory, (72,), (1,), format=b"H", itemsize=2),
                      self.buffer(memory, (9, 8), (17, 2), format=b"H", itemsize=2), self.buffer(memory, (144,), (1,), format=b"H", itemsize=1)):
            with self.assertRaises(REFUSED):
                converter.convert(bytes(192), given)


if __name__ == "__main__":
    unittest.main()
