# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""What a call costs, and what threads of Python's own gain: medians of rounds that take turns. Usage: bench.py [ROUNDS]"""
import statistics
import sys
import threading
import time

import numpy
import pixfer


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_threads(count, work):
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
rgba = numpy.random.default_rng(1).integers(0, 256, (2160, 3840, 4), numpy.uint8)
converter = pixfer.Converter("rgba", "nv12", 3840, 2160, threads=1)
outs = [pixfer.Frame("nv12", 3840, 2160) for _ in range(2)]
hd = numpy.ascontiguousarray(rgba[:720, :1280])
hd_converter = pixfer.Converter("rgba", "nv12", 1280, 720, threads=1)
hd_outs = [pixfer.Frame("nv12", 1280, 720) for _ in range(2)]
small, small_out = rgba[:16, :16].copy(), pixfer.Frame("nv12", 16, 16)
small_converter = pixfer.Converter("rgba", "nv12", 16, 16, threads=1)


def frames(count, out):
    for _ in range(count):
        converter.convert(rgba, out)


def hd_frames(count, out):
    for _ in range(count):
        hd_converter.convert(hd, out)


def two(work, count, memory):
    free = list(memory)
    in_threads(2, lambda: work(count, free.pop()))


def small_calls(call):
    for _ in range(2000):
        call()


contenders = {
    "one thread, 20 frames of 4K": lambda: frames(20, outs[0]),
    "two threads, 10 frames of 4K each": lambda: two(frames, 10, outs),
    "one thread, 200 frames of 720p": lambda: hd_frames(200, hd_outs[0]),
    "two threads, 100 frames of 720p each": lambda: two(hd_frames, 100, hd_outs),
    "20 frames of 4K into new Frames": lambda: frames(20, None),
    "2000 × Converter.convert, 16 × 16": lambda: small_calls(lambda: small_converter.convert(small, small_out)),
    "2000 × rgba_to_nv12, 16 × 16": lambda: small_calls(lambda: pixfer.rgba_to_nv12(small, small_out)),
}
times = {name: [] for name in contenders}
for name, work in contenders.items():
    work()
for _ in range(rounds):
    for name, work in contenders.items():
        times[name].append(timed(work))
for name, found in times.items():
    print(f"{name:40} {statistics.median(found) * 1000:8.1f} ms")
for size in ("4K", "720p"):
    one, both = (found for name, found in times.items() if "thread" in name and size in name)
    print(f"{size}, one thread over two, median of the pairs: {statistics.median(a / b for a, b in zip(one, both)):.2f}")
