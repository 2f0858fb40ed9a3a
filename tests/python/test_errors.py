# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Every wrong argument raises, says what was found and what was expected, and leaves the destination as it was."""

import unittest

import numpy as np
import pixfer

W, H = 16, 10
GOOD = np.zeros((H, W, 4), np.uint8)


def strided(shape, strides, dtype=np.uint8):
    return np.lib.stride_tricks.as_strided(np.zeros(100000, dtype), shape, strides)


class Arguments(unittest.TestCase):
    def fails(self, kind, words, call, *arguments, **keywords):
        with self.subTest(words=words):
            with self.assertRaisesRegex(kind, words):
                call(*arguments, **keywords)

    def test_sources(self):
        readonly = np.zeros(240, np.uint8)
        readonly.flags.writeable = False
        out = np.full((H * 3 // 2, W), 0xAB, np.uint8)
        for kind, words, src in (
            (TypeError, "src: found float32, expected uint8", GOOD.astype(np.float32)),
            (TypeError, "src: found int8, expected uint8", GOOD.astype(np.int8)),
            (TypeError, "src: found uint16, expected uint8", GOOD.astype(np.uint16)),
            (TypeError, "src: found uint32, expected uint8", GOOD.view(np.uint32)),
            (TypeError, "src: found bool, expected uint8", GOOD.astype(bool)),
            (TypeError, "src: found float16, expected uint8", GOOD.astype(np.float16)),
            (TypeError, "src: found items of format 'Zd', expected uint8", GOOD.astype(complex)),
            (TypeError, "src: found items of format 'O', expected uint8", GOOD.astype(object)),
            (TypeError, "src: found items of format 'T{", np.zeros((H, W), np.dtype([("r", "u1"), ("g", "u1"), ("b", "u1"), ("a", "u1")]))),
            (ValueError, "src: its buffer cannot be used: .*M", np.zeros((H, W), "M8[s]")),
            (ValueError, r"src: found shape \(10, 16, 3\), expected \(10, 16, 4\) or \(10, 64\)", GOOD[..., :3]),
            (ValueError, r"src: found shape \(9, 16, 4\), expected \(10, 16, 4\)", GOOD[1:]),
            (ValueError, r"src: found shape \(16, 10, 4\), expected \(10, 16, 4\)", np.zeros((W, H, 4), np.uint8)),
            (ValueError, r"src: found shape \(10, 16\), expected", np.zeros((H, W), np.uint8)),
            (ValueError, r"src: found shape \(639,\), expected", bytes(639)),
            (ValueError, r"src: found shape \(641,\), expected", bytes(641)),
            (ValueError, r"src: found shape \(0,\), expected", b""),
            (ValueError, "src: found 4 dimensions, expected 1 to 3", np.zeros((1, H, W, 4), np.uint8)),
            (ValueError, "src: found 0 dimensions, expected 1 to 3", np.array(7, np.uint8)),
            (ValueError, "src: found pixels that are flipped .-4 bytes apart., expected 4: only rows", GOOD[:, ::-1]),
            (ValueError, "src: found pixels that are 8 bytes apart, expected 4", np.zeros((H, W * 2, 4), np.uint8)[:, ::2]),
            (ValueError, "src: found channels that are 2 bytes apart, expected 1", np.zeros((H, W, 8), np.uint8)[..., ::2]),
            (ValueError, "src: found channels that are 160 bytes apart", np.zeros((4, H, W), np.uint8).transpose(1, 2, 0)),
            (ValueError, "src.stride.0. is 0 bytes, expected at least 64", np.broadcast_to(GOOD[:1], GOOD.shape)),
            (ValueError, "src.stride.0. is 60 bytes, expected at least 64", strided((H, W, 4), (60, 4, 1))),
            (ValueError, "src: found 2 planes, expected 1 for rgba", (GOOD, GOOD)),
            (ValueError, "src: found 0 planes, expected 1 for rgba", []),
            (TypeError, r"src\[0\]: found an object of type int", [1]),
            (TypeError, "src: found an object of type NoneType, expected one with the buffer protocol", None),
            (TypeError, "src: found an object of type str", "rgba"),
            (TypeError, "src: found an object of type dict", {}),
        ):
            self.fails(kind, words, pixfer.Converter("rgba", "nv12", W, H).convert, src, out)
        self.assertTrue((out == 0xAB).all())

    def test_destinations(self):
        converter = pixfer.Converter("rgba", "nv12", W, H)
        deep = pixfer.Converter("rgba", "p010", W, H)
        y, uv = np.full((H, W), 0xAB, np.uint8), np.full((H // 2, W // 2, 2), 0xAB, np.uint8)
        readonly = np.zeros((15, 16), np.uint8)
        readonly.flags.writeable = False
        both = np.zeros(W * H + W * H // 2 + 1, np.uint8)
        for c, kind, words, out in (
            (converter, ValueError, "out: found a read-only buffer, expected a writable one", bytes(240)),
            (converter, ValueError, "out: found a read-only buffer, expected a writable one", readonly),
            (converter, ValueError, "out: found a read-only buffer", memoryview(bytearray(240)).toreadonly()),
            (converter, ValueError, r"out\[1\]: found a read-only buffer", (y, bytes(80))),
            (converter, ValueError, r"out: found shape \(10, 16, 4\), expected \(15, 16\) or \(240,\), contiguous, or a tuple of 2 planes", GOOD),
            (converter, ValueError, r"out: found shape \(10, 16\), expected \(15, 16\)", y),
            (converter, ValueError, "out: found 1 planes, expected 2 for nv12", (y,)),
            (converter, ValueError, "out: found 3 planes, expected 2 for nv12", (y, uv, uv)),
            (converter, ValueError, r"out\[1\]: found shape \(5, 8\), expected \(5, 8, 2\) or \(5, 16\) for 16x10 nv12", (y, uv[..., 0])),
            (converter, ValueError, r"out\[0\]: found shape \(5, 8, 2\), expected \(10, 16\)", (uv, y)),
            (converter, ValueError, r"out\[1\]: found channels that are flipped", (y, uv[..., ::-1])),
            (converter, ValueError, r"out\[1\]: found pixels that are flipped", (y, uv[:, ::-1])),
            (converter, ValueError, r"out\[0\]: found columns that are flipped", (y[:, ::-1], uv)),
            (converter, TypeError, r"out\[0\]: found uint16, expected uint8", (y.astype(np.uint16), uv)),
            (converter, ValueError, r"out: found columns that are 2 bytes apart", np.zeros((15, 32), np.uint8)[:, ::2]),
            (converter, ValueError, "dst.plane", (both[: W * H], both[W * H - 1: W * H - 1 + 80])),
            (converter, ValueError, "dst.stride", (strided((H, W), (0, 1)), uv)),
            (converter, TypeError, "out: found an object of type int", 3),
            (deep, TypeError, "out: found float16, expected uint16", np.zeros((15, 16), np.float16)),
            (deep, TypeError, "out: found big-endian uint16, expected uint16", np.zeros((15, 16), ">u2")),
            (deep, ValueError, r"out: found shape \(15, 16\) of uint8, expected \(15, 16\) or \(240,\) of uint16", np.zeros((15, 16), np.uint8)),
            (deep, ValueError, "odd", memoryview(bytearray(482))[1:481]),
        ):
            self.fails(kind, words, c.convert, GOOD, out)
        self.assertTrue((y == 0xAB).all() and (uv == 0xAB).all())
        memory = np.full(W * H * 4, 0xAB, np.uint8)  # a destination inside of the source
        self.fails(ValueError, "dst.plane", converter.convert, memory.reshape(H, W, 4), memory[:240])
        self.assertTrue((memory == 0xAB).all())

    def test_converter(self):
        for kind, words, arguments, keywords in (
            (ValueError, "src_format: found 'rgb', expected one of rgba, bgra", ("rgb", "nv12", W, H), {}),
            (ValueError, "dst_format: found 'yuv420p', expected one of rgba", ("rgba", "yuv420p", W, H), {}),
            (pixfer.UnsupportedError, "nv12", ("nv12", "rgba", W, H), {}),
            (pixfer.UnsupportedError, "yuyv", ("yuyv", "i444", W, H), {}),
            (ValueError, "width: found 0, expected 1 to 16777216", ("rgba", "nv12", 0, H), {}),
            (ValueError, "height: found -1, expected 1 to 16777216", ("rgba", "nv12", W, -1), {}),
            (ValueError, "width: found 1000000000000000000000, expected", ("rgba", "nv12", 10**21, H), {}),
            (TypeError, "width: found 16.0, expected a whole number", ("rgba", "nv12", 16.0, H), {}),
            (TypeError, "height: found True, expected a whole number", ("rgba", "nv12", W, True), {}),
            (TypeError, "width: found '16', expected a whole number", ("rgba", "nv12", "16", H), {}),
            (ValueError, "matrix: found 'bt2100', expected bt709, bt601, smpte240m or bt2020", ("rgba", "nv12", W, H), {"matrix": "bt2100"}),
            (ValueError, "range: found 'wide', expected limited or full", ("rgba", "nv12", W, H), {"range": "wide"}),
            (ValueError, "siting: found 'right', expected left, center or top-left", ("rgba", "nv12", W, H), {"siting": "right"}),
            (ValueError, "backend: found 'cuda', expected one of auto, cpu", ("rgba", "nv12", W, H), {"backend": "cuda"}),
            (pixfer.UnavailableError, ".", ("rgba", "nv12", W, H), {"backend": "d3d11"}),
            (ValueError, 'cpu is "mmx", expected c, avx2, avx512', ("rgba", "nv12", W, H), {"cpu": "mmx"}),
            (pixfer.UnavailableError, "neon", ("rgba", "nv12", W, H), {"cpu": "neon"}) if "neon" not in pixfer.cpu_names() else
            (pixfer.UnavailableError, "avx2", ("rgba", "nv12", W, H), {"cpu": "avx2"}),
            (ValueError, "threads: found 257, expected 0 to 256", ("rgba", "nv12", W, H), {"threads": 257}),
            (TypeError, "log: found 3, expected a callable", ("rgba", "nv12", W, H), {"log": 3}),
            (TypeError, "matrix|str", ("rgba", "nv12", W, H), {"matrix": 1}),
            (TypeError, "colour", ("rgba", "nv12", W, H), {"colour": "bt709"}),
            (TypeError, ".", ("rgba", "nv12", W), {}),
            (TypeError, ".", ("rgba", "nv12", W, H, "bt709"), {}),
        ):
            self.fails(kind, words, pixfer.Converter, *arguments, **keywords)
        self.assertTrue(issubclass(pixfer.UnsupportedError, (ValueError, pixfer.Error)))

    def test_rows(self):
        converter, out = pixfer.Converter("rgba", "nv12", W, H), np.full(240, 0xAB, np.uint8)
        for first, count in ((1, 2), (0, 3), (0, 12), (10, 2), (0, 0)):
            self.fails(ValueError, "first|count|rows", converter.convert_rows, GOOD, out, first, count)
        self.fails(ValueError, "first: found -2, expected 0 to", converter.convert_rows, GOOD, out, -2, 2)
        self.fails(TypeError, "count: found 2.0, expected a whole number", converter.convert_rows, GOOD, out, 0, 2.0)
        self.assertTrue((out == 0xAB).all())

    def test_one_call(self):
        self.fails(ValueError, "src: its shape does not tell the size of a frame of rgba: give width and height", pixfer.rgba_to_nv12, bytes(640))
        self.fails(TypeError, "found width or height, expected both or none", pixfer.rgba_to_nv12, bytes(640), width=W)
        self.fails(ValueError, r"src: found shape \(640,\), expected \(11, 16, 4\)", pixfer.rgba_to_nv12, bytes(640), width=W, height=11)
        self.fails(ValueError, "src: found a frame of 0x4, expected at least 1x1", pixfer.rgba_to_nv12, np.zeros((4, 0, 4), np.uint8))
        self.fails(ValueError, "src: its shape does not tell the size of a frame of gbrp", pixfer.convert, bytes(30), "gbrp", "nv12")
        self.fails(TypeError, "src: found an object of type int", pixfer.rgba_to_nv12, 3)
        self.fails(TypeError, "required|missing", pixfer.convert, GOOD, "rgba")

    def test_frame(self):
        self.fails(ValueError, "format: found 'none', expected one of rgba", pixfer.Frame, "none", 1, 1)
        self.fails(ValueError, "width: found 0, expected 1 to", pixfer.Frame, "nv12", 0, 1)
        self.fails((ValueError, MemoryError), "16777216x16777216|no memory", pixfer.Frame, "rgba", 1 << 24, 1 << 24)
        self.fails(ValueError, "read-only", pixfer.Converter("rgba", "nv12", W, H).convert, GOOD, memoryview(pixfer.Frame("nv12", W, H)).toreadonly())
        for kind in (pixfer.Frame, pixfer.Converter):
            with self.assertRaises(TypeError):
                type("Sub", (kind,), {})
            with self.assertRaises(TypeError):
                kind.convert = None

    def test_what_an_object_says_of_itself_is_kept(self):
        class Plane(bytearray):
            line_size = 32

        class Decoded:
            width, height = W, H
            format = type("Format", (), {"name": "nv12"})

            def __init__(self):
                self.planes = (Plane(32 * H), Plane(32 * H // 2))

        converter, frame = pixfer.Converter("rgba", "nv12", W, H), Decoded()
        self.assertIs(converter.convert(GOOD, frame), frame)
        self.assertEqual(frame.planes[0][:40], b"\x10" * 16 + bytes(16) + b"\x10" * 8)
        frame.height = 11
        self.fails(ValueError, "out: found a frame of 16x11, expected 16x10", converter.convert, GOOD, frame)
        frame.height, frame.format = H, type("Format", (), {"name": "yuv420p"})
        self.fails(ValueError, "out: found a frame of yuv420p, expected nv12", converter.convert, GOOD, frame)
        frame.format = type("Format", (), {"name": "vdpau"})
        self.fails(ValueError, "out: found a frame of vdpau, expected nv12", converter.convert, GOOD, frame)
        frame = Decoded()
        frame.planes[0].line_size = 15
        self.fails(ValueError, r"out\[0\]: found 320 bytes in lines of 15, expected 10 lines of 16", converter.convert, GOOD, frame)
        frame.planes[0].line_size = 40
        self.fails(ValueError, r"out\[0\]: found 320 bytes in lines of 40, expected 10 lines of 16", converter.convert, GOOD, frame)
        frame.planes[0].line_size = 2**62
        self.fails(ValueError, r"out\[0\]: found 320 bytes in lines of", converter.convert, GOOD, frame)


if __name__ == "__main__":
    unittest.main()
