#!/usr/bin/env python3
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""usage: hdr_pictures.py PIXFER [OUTDIR]

The pictures of doc/hdr.md (OUTDIR: doc/hdr beside this folder): frames are made here, exported by PIXFER, decoded by ffmpeg and drawn as a display
would show them. They differ from run to run only where an encoder does."""
import os, struct, subprocess, sys, tempfile, zlib

WHITE = 203  # cd/m² of SDR's white in HDR, BT.2408
FONT = {"R": "11110 10001 10001 11110 10100 10010 10001", "e": "00000 00000 01110 10001 11111 10000 01110",
        "d": "00001 00001 01101 10011 10001 10001 01111", "t": "01000 01000 11100 01000 01000 01001 00110",
        "x": "00000 00000 10001 01010 00100 01010 10001", " ": "00000 " * 7}


def pq(light):  # SMPTE ST 2084, cd/m² to 0 ... 1
    y = (max(light, 0) / 10000) ** (1305 / 8192)
    return ((107 / 128 + 2413 / 128 * y) / (1 + 2392 / 128 * y)) ** (2523 / 32)


def pq_light(v):
    p = max(v, 0) ** (32 / 2523)
    return 10000 * (max(p - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * p)) ** (8192 / 1305)


def srgb(v):
    v = min(max(v, 0), 1)
    return round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055))


def linear(v):
    v /= 255
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def times(m, v):
    return [sum(a * b for a, b in zip(row, v)) for row in m]


TO_2020 = [[0.627404, 0.329283, 0.043313], [0.069097, 0.919540, 0.011362], [0.016391, 0.088013, 0.895595]]  # BT.2087
TO_709 = [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]]


class Picture:
    def __init__(self, width, height, color=(255, 255, 255)):
        self.w, self.h = width, height
        self.rows = [[color] * width for _ in range(height)]

    def paste(self, other, x, y, zoom=1):
        for j in range(other.h * zoom):
            for i in range(other.w * zoom):
                self.rows[y + j][x + i] = other.rows[j // zoom][i // zoom]

    def write(self, name):
        data = zlib.compress(b"".join(b"\0" + b"".join(bytes(p) for p in row) for row in self.rows), 9)
        chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        with open(name, "wb") as f:
            f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", self.w, self.h, 8, 2, 0, 0, 0)) +
                    chunk(b"IDAT", data) + chunk(b"IEND", b""))


def side_by_side(pictures, name, zoom=1, gap=8):
    out = Picture(sum(p.w * zoom + gap for p in pictures) - gap, pictures[0].h * zoom)
    x = 0
    for p in pictures:
        out.paste(p, x, 0, zoom)
        x += p.w * zoom + gap
    out.write(name)


def export(raw, w, h, kind, options):
    """A frame through a file: planes of Y, Cb, Cr of every pixel, and what white is."""
    open("in.raw", "wb").write(raw)
    subprocess.run([PIXFER, "export", "in.raw", "-s", f"{w}x{h}", "-f", kind, "-r", "1", "-o", "out.mp4", "-y", "-q"] + options, check=True)
    name = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=pix_fmt", "-of", "csv=p=0", "out.mp4"], check=True,
                          capture_output=True, text=True).stdout.strip().strip(",")
    full = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", "out.mp4", "-f", "rawvideo", "-pix_fmt", name, "-"], check=True,
                          capture_output=True).stdout
    deep, half = "10" in name, "420" in name
    samples = struct.unpack(f"<{len(full) // 2}H", full) if deep else full
    cw, ch = (w // 2, h // 2) if half else (w, h)
    planes = [samples[:w * h], samples[w * h:w * h + cw * ch], samples[w * h + cw * ch:]]
    k = 1 if half else 0
    at = lambda p, x, y: planes[p][(y >> k) * cw + (x >> k)] if p else planes[0][y * w + x]
    return at, 4 if deep else 1


def decoded(at, scale, w, h, matrix):
    """R'G'B' from 0 to 1 by row; nearest chroma, as players' cheapest way has it."""
    kr, kb = {"bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}[matrix]
    rows = []
    for y in range(h):
        row = []
        for x in range(w):
            luma = (at(0, x, y) / scale - 16) / 219
            cb, cr = ((at(i, x, y) / scale - 128) / 224 for i in (1, 2))
            r, b = luma + 2 * (1 - kr) * cr, luma + 2 * (1 - kb) * cb
            row.append((r, (luma - kr * r - kb * b) / (1 - kr - kb), b))
        rows.append(row)
    return rows


def shown(rows, turn):
    p = Picture(len(rows[0]), len(rows))
    p.rows = [[tuple(turn(v)) for v in row] for row in rows]
    return p


def as_sdr(v):
    return [min(max(round(255 * c), 0), 255) for c in v]


def as_hdr(v):  # what a display for SDR can show of it: white is WHITE, brighter is cut
    return [srgb(c / WHITE) for c in times(TO_709, [pq_light(min(max(c, 0), 1)) for c in v])]


def chroma():
    w, h = 64, 16
    rows = [[(255, 255, 255)] * w for _ in range(h)]
    for n, letter in enumerate("Red text"):
        for j, line in enumerate(FONT[letter].split()):
            for i, bit in enumerate(line):
                if bit == "1":
                    rows[4 + j][4 + 7 * n + i] = (255, 0, 0)
    raw = b"".join(bytes(p) + b"\xff" for row in rows for p in row)
    pictures = []
    for shape in "420", "444":
        at, scale = export(raw, w, h, "rgba", ["--chroma", shape, "--crf", "0", "-e", "libx264"])
        pictures.append(shown(decoded(at, scale, w, h, "bt709"), as_sdr))
    side_by_side(pictures, "chroma.png", 5)


def bits():
    """A dark ramp of PQ, 0.5 to 2 cd/m², of 16 bits, with the steps that are left drawn ten times as high."""
    w, h = 320, 64
    codes = [pq(0.5 * 4 ** (x / (w - 1))) for x in range(w)]
    raw = b"".join(struct.pack("<4H", *[round(65535 * c)] * 3, 65535) for _ in range(h) for c in codes)
    pictures = []
    for codec, depth in ("hevc", "8"), ("hevc", "10"):
        at, scale = export(raw, w, h, "rgba64", ["--transfer", "pq", "--codec", codec, "--depth", depth, "--crf", "0", "-e", "libx265"])
        low, high = codes[0], codes[-1]
        stretch = lambda v: [min(max(round(255 * (c - low) / (high - low)), 0), 255) for c in v]
        pictures.append(shown(decoded(at, scale, w, h, "bt2020"), stretch))
    side_by_side(pictures, "bits.png")


def tags():
    """A desktop with a window and a highlight of 1000 cd/m², in PQ; what is shown with its tags, and without."""
    w, h = 192, 108
    raw = b""
    for y in range(h):
        for x in range(w):
            light = [WHITE * linear(c) for c in (30 + x // 4, 60 + y // 2, 110 + x // 3)]
            if 20 <= x < 120 and 16 <= y < 76:
                light = [WHITE * linear(c) for c in ((255, 255, 255) if y >= 26 else (200, 60, 50))]
            if 28 <= x < 112 and 34 <= y < 68 and y % 6 < 2 and (x * 7 + y // 6 * 13) % 17 > 3:
                light = [WHITE * linear(40)] * 3
            if (x - 155) ** 2 + (y - 34) ** 2 < 18 ** 2:
                light = [1000, 800, 300]
            r, g, b = (round(1023 * pq(c)) for c in times(TO_2020, light))
            raw += struct.pack("<I", r | g << 10 | b << 20 | 3 << 30)
    at, scale = export(raw, w, h, "rgb10a2", ["--transfer", "pq", "--codec", "hevc", "--crf", "4", "-e", "libx265"])
    rows = decoded(at, scale, w, h, "bt2020")
    side_by_side([shown(rows, as_hdr), shown(rows, as_sdr)], "tags.png", 2)


def alpha():
    w, h = 96, 64
    raw = b""
    for y in range(h):
        for x in range(w):
            a = max(0, min(255, round(255 * (30 - ((x - 48) ** 2 + (y - 32) ** 2) ** 0.5) / 18)))
            raw += bytes((40 + 2 * x, 120, 220 - 2 * x, a) if a else (255, 0, 255, 0))  # what nobody was to see
    pictures = []
    for what in "drop", "black", "white", "#3a7f3a":
        at, scale = export(raw, w, h, "rgba", ["--alpha", what, "--crf", "0", "-e", "libx264", "--chroma", "444"])
        pictures.append(shown(decoded(at, scale, w, h, "bt709"), as_sdr))
    side_by_side(pictures, "alpha.png", 2)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    PIXFER = os.path.abspath(sys.argv[1])
    here = os.path.dirname(os.path.abspath(__file__))
    out = os.path.abspath(sys.argv[2] if len(sys.argv) == 3 else os.path.join(here, "..", "doc", "hdr"))
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        for draw in chroma, bits, tags, alpha:
            draw()
            name = draw.__name__ + ".png"
            os.replace(name, os.path.join(out, name)) if os.stat(scratch).st_dev == os.stat(out).st_dev else \
                open(os.path.join(out, name), "wb").write(open(name, "rb").read())
