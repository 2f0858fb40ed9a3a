# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""What H.273 says, in plain integers, and pictures to say it of. Nothing of it is taken from pixfer."""

import numpy as np

KR_KB = {"bt709": (1063, 3576, 361), "bt601": (299, 587, 114), "smpte240m": (212, 701, 87), "bt2020": (2627, 6780, 593)}
CHANNELS = {"rgba": "RGBA", "bgra": "BGRA", "argb": "ARGB", "abgr": "ABGR", "rgb24": "RGB", "bgr24": "BGR", "gbrp": "GBR"}
# Horizontal and vertical subsampling, whether Cb and Cr alternate, whether Cr is first.
LAYOUT = {"nv12": (2, 2, True, False), "nv21": (2, 2, True, True), "i420": (2, 2, False, False), "yv12": (2, 2, False, True),
          "p010": (2, 2, True, False), "i444": (1, 1, False, False), "nv24": (1, 1, True, False), "i422": (2, 1, False, False),
          "nv16": (2, 1, True, False), "p012": (2, 2, True, False), "p016": (2, 2, True, False), "i010": (2, 2, False, False),
          "i410": (1, 1, False, False)}
# Bits of a sample, and how far it is shifted up in its word.
DEPTH = {"p010": (10, 6), "p012": (12, 4), "p016": (16, 0), "i010": (10, 0), "i410": (10, 0)}
# What stands for white in sources of more than 8 bits, and the items; floats are multiples of 2^-24 here.
DEEP = {"rgb10a2": (1023, np.uint32), "bgr10a2": (1023, np.uint32), "rgba64": (65535, np.uint16), "rgba16f": (1 << 24, np.float16),
        "gbrp10": (1023, np.uint16), "gbrp12": (4095, np.uint16), "gbrp16": (65535, np.uint16), "gbrpf32": (1 << 24, np.float32)}


def rounded(numerator, denominator, top):
    """The nearest whole number, ties up, within 0 and `top`."""
    return np.clip((2 * numerator + denominator) // (2 * denominator), 0, top)


def filtered(plane, axis, weights, step):
    """Every `step`-th sample of what the taps `weights` (by their offset) make of a plane with repeated edges."""
    length = plane.shape[axis]
    at = np.arange(0, length, step)
    return sum(weight * np.take(plane, np.clip(at + offset, 0, length - 1), axis) for offset, weight in weights.items())


def planes_of_rgb(rgb, dst, matrix="bt709", range="limited", siting="left", white=255):
    """The planes of `dst`, as two- or three-dimensional arrays, for (height, width, 3) of R, G, B from 0 to `white`."""
    rgb = rgb.astype(np.int64)
    weights = np.array(KR_KB[matrix], np.int64)
    unit = int(weights.sum())
    bits, shift = DEPTH.get(dst, (8, 0))
    top = (1 << bits) - 1
    scale = 1 << (bits - 8)
    y_base, y_span, c_span = (16 * scale, 219 * scale, 224 * scale) if range == "limited" else (0, top, top)
    luma = rgb @ weights
    y = rounded(y_base * white * unit + y_span * luma, white * unit, top)
    across, down, alternate, cr_first = LAYOUT[dst]
    taps = {"left": {-1: 1, 0: 2, 1: 1}, "center": {0: 1, 1: 1}, "top-left": {-1: 1, 0: 2, 1: 1}}[siting]
    rows = {"left": {0: 1, 1: 1}, "center": {0: 1, 1: 1}, "top-left": {-1: 1, 0: 2, 1: 1}}[siting]
    chroma = []
    for index in (2, 0):  # B for Cb, R for Cr
        t = unit * rgb[:, :, index] - luma
        count = 1
        if across == 2:
            t, count = filtered(t, 1, taps, 2), count * sum(taps.values())
        if down == 2:
            t, count = filtered(t, 0, rows, 2), count * sum(rows.values())
        denominator = 2 * (unit - int(weights[index])) * white * count
        chroma.append(rounded(128 * scale * denominator + c_span * t, denominator, top))
    return finish(y, chroma, alternate, cr_first, bits > 8, shift)


def finish(y, chroma, alternate, cr_first, deep, shift=0):
    if cr_first:
        chroma.reverse()
    planes = [y, np.stack(chroma, -1)] if alternate else [y, *chroma]
    return [(plane << shift).astype(np.uint16) if deep else plane.astype(np.uint8) for plane in planes]


def planes_of_packed(packed, width, dst, src="yuyv", siting="left"):
    """The planes of `dst` for (height, groups, 4) of YUYV or UYVY."""
    packed = packed.astype(np.int64)
    y_at, cb_at, cr_at = ((0, 2), 1, 3) if src == "yuyv" else ((1, 3), 0, 2)
    y = packed[:, :, y_at].reshape(len(packed), -1)[:, :width]
    rows = {"left": {0: 1, 1: 1}, "center": {0: 1, 1: 1}, "top-left": {-1: 1, 0: 2, 1: 1}}[siting]
    chroma = []
    for at in (cb_at, cr_at):
        t, count = filtered(packed[:, :, at], 0, rows, 2), sum(rows.values())
        if siting == "center":
            t, count = filtered(t, 1, {0: 3, 1: 1}, 1), count * 4
        chroma.append(rounded(t, count, 255))
    return finish(y, chroma, *LAYOUT[dst][2:], False)


def picture(width, height, seed=1):
    """(height, width, 3) of R, G, B: noise, with flat areas and extremes in it."""
    random = np.random.default_rng(seed)
    rgb = random.integers(0, 256, (height, width, 3), np.uint8)
    rgb[: height // 3] = random.choice(np.array([0, 1, 16, 128, 235, 254, 255], np.uint8), (height // 3, width, 3))
    return rgb


def source(rgb, src):
    """A frame of format `src` that shows `rgb`: (height, width, channels), for gbrp (3, height, width)."""
    height, width = rgb.shape[:2]
    random = np.random.default_rng(7)
    alpha = random.integers(0, 256, (height, width), np.uint8)
    channel = {"R": rgb[..., 0], "G": rgb[..., 1], "B": rgb[..., 2], "A": alpha}
    return np.stack([channel[name] for name in CHANNELS[src]], 0 if src == "gbrp" else -1)


def deep_picture(width, height, src, seed=3):
    """(height, width, 3) of R, G, B from 0 to DEEP[src][0], and a frame of format `src` that shows it."""
    white, item = DEEP[src]
    random = np.random.default_rng(seed)
    rgb = random.integers(0, white + 1, (height, width, 3))
    rgb[: height // 3] = random.choice(np.array([0, 1, white // 2, white - 1, white]), (height // 3, width, 3))
    if src == "rgba16f":  # what a half holds
        values = (rgb / white).astype(np.float16)
        rgb = (values.astype(np.float64) * white).astype(np.int64)
    r, g, b = np.moveaxis(rgb, -1, 0)
    if src in ("rgb10a2", "bgr10a2"):
        low, high = (r, b) if src == "rgb10a2" else (b, r)
        return rgb, (low | g << 10 | high << 20 | random.integers(0, 4, r.shape) << 30).astype(np.uint32)
    scale = white if item in (np.float16, np.float32) else 1
    if src.startswith("rgba"):
        alpha = random.integers(0, white + 1, r.shape)
        return rgb, (np.stack([r, g, b, alpha], -1) / scale).astype(item)
    return rgb, (np.stack([g, b, r]) / scale).astype(item)


def raw(planes):
    return b"".join(plane.tobytes() for plane in planes)


def reference_frame():
    """256 × 144: red is x, green 7·y, blue x·y, each modulo 256, alpha 255. Every binding prints the md5 of its NV12."""
    y, x = np.mgrid[0:144, 0:256]
    return np.stack([x, 7 * y, x * y, np.full_like(x, 255)], -1).astype(np.uint8)


REFERENCE_MD5 = "8d7f7d4e5867eb274dd18a931871ce52"
