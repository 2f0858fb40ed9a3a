# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Other threads run while pixfer works; one object may be used by several; interpreters share nothing."""

import gc
import os
import subprocess
import sys
import threading
import time
import unittest

import numpy as np
import pixfer

from common import REFERENCE_MD5, picture, source


class Threads(unittest.TestCase):
    def test_another_thread_makes_progress_during_a_call(self):
        # One long call, and a switch interval that would let nothing else in for a minute if the lock were kept.
        frame = np.zeros((6000, 6000, 4), np.uint8)
        converter = pixfer.Converter("rgba", "nv12", 6000, 6000, threads=1, cpu="c")
        out = pixfer.Frame("nv12", 6000, 6000)
        counted, inside, stop = 0, threading.Event(), threading.Event()

        def count():
            nonlocal counted
            while not stop.is_set():
                counted += 1
                time.sleep(0.001)

        interval = sys.getswitchinterval()
        thread = threading.Thread(target=count)
        thread.start()
        try:
            sys.setswitchinterval(60)
            before = counted
            begin = time.perf_counter()
            converter.convert(frame, out)
            took = time.perf_counter() - begin
            during = counted - before
        finally:
            sys.setswitchinterval(interval)
            stop.set()
            thread.join()
        self.assertGreater(took, 0.02, "too short a call to see anything")
        self.assertGreaterEqual(during, 3)

    def test_one_converter_many_threads(self):
        pictures = [source(picture(96, 50, seed), "rgba") for seed in range(8)]
        for threads in (1, 3):
            with pixfer.Converter("rgba", "nv12", 96, 50, threads=threads) as converter:
                expected = [bytes(converter.convert(frame)) for frame in pictures]
                wrong = []

                def work(first):
                    for i in range(150):
                        index = (first + i) % 8
                        frame = pictures[index]
                        if i % 3 == 1:  # the second converter inside, opened by whoever comes first
                            frame = np.ascontiguousarray(frame[..., ::-1])[..., ::-1]
                        if bytes(converter.convert(frame)) != expected[index]:
                            wrong.append(index)
                        try:
                            converter.convert(bytes(first + 1))
                        except ValueError as error:
                            if f"({first + 1},)" not in str(error):
                                wrong.append(str(error))

                workers = [threading.Thread(target=work, args=(first,)) for first in range(6)]
                for worker in workers:
                    worker.start()
                for worker in workers:
                    worker.join()
                self.assertEqual(wrong, [])

    def test_the_line_of_an_error_is_the_calls_own(self):
        converter, out = pixfer.Converter("rgba", "nv12", 8, 64), pixfer.Frame("nv12", 8, 64)
        wrong = []

        def work(first):
            for _ in range(500):
                try:
                    converter.convert_rows(bytes(2048), out, first, 2)
                    wrong.append(first)
                except ValueError as error:
                    if str(first) not in str(error):
                        wrong.append((first, str(error)))

        workers = [threading.Thread(target=work, args=(first,)) for first in (11, 33, 57)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(wrong, [])

    def test_rows_on_threads(self):
        frame = source(picture(200, 160), "rgba")
        with pixfer.Converter("rgba", "nv12", 200, 160, siting="top-left") as converter:
            expected, out = bytes(converter.convert(frame)), pixfer.Frame("nv12", 200, 160)
            workers = [threading.Thread(target=converter.convert_rows, args=(frame, out, first, 20)) for first in range(0, 160, 20)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            self.assertEqual(bytes(out), expected)

    def test_close_waits_for_calls(self):
        frame, ends = np.zeros((2000, 2000, 4), np.uint8), []
        for _ in range(20):
            converter = pixfer.Converter("rgba", "nv12", 2000, 2000, threads=2)

            def work():
                try:
                    while True:
                        converter.convert(frame)
                except ValueError as error:
                    ends.append(str(error))

            workers = [threading.Thread(target=work) for _ in range(3)]
            for worker in workers:
                worker.start()
            time.sleep(0.003)
            converter.close()
            for worker in workers:
                worker.join()
        self.assertEqual(ends, ["the converter is closed"] * 60)

    def test_an_array_that_goes_while_it_is_read(self):
        # The memory is held for the call: bytearray refuses to change size, an array's last name may go.
        data = bytearray(4 * 3000 * 3000)
        converter, held = pixfer.Converter("rgba", "nv12", 3000, 3000, threads=1, cpu="c"), []

        stop = threading.Event()

        def resize():
            while not stop.is_set():
                try:
                    data.append(0)
                    data.pop()
                except BufferError:
                    held.append(1)
                time.sleep(0.0001)

        thread = threading.Thread(target=resize)
        thread.start()
        end = time.monotonic() + 60
        while not held and time.monotonic() < end:
            try:
                converter.convert(data)
            except ValueError:  # one byte more, just then
                pass
        stop.set()
        thread.join()
        self.assertTrue(held)
        self.assertEqual(len(data), 4 * 3000 * 3000)

    def test_exporter_with_audio_from_another_thread(self):
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            with pixfer.Exporter(folder + "/out.mp4", 64, 64, 30, sample_rate=8000, channels=1, preset="ultrafast") as out:
                def audio():
                    for _ in range(100):
                        out.push_audio(np.zeros(80, np.float32))

                thread = threading.Thread(target=audio)
                thread.start()
                for _ in range(30):
                    out.push(bytes(64 * 64 * 4))
                thread.join()
            self.assertEqual(out.report.frames, 30)
            out = pixfer.Exporter(folder + "/closed.mp4", 64, 64, 30, preset="ultrafast")
            ends = []

            def push():
                try:
                    while True:
                        out.push(bytes(64 * 64 * 4))
                except (pixfer.CancelledError, ValueError) as error:
                    ends.append(error)

            thread = threading.Thread(target=push)
            thread.start()
            time.sleep(0.1)
            out.close()
            thread.join()
            self.assertEqual(len(ends), 1)
            self.assertEqual(os.listdir(folder), ["out.mp4"])


class Interpreters(unittest.TestCase):
    # numpy may be loaded by one interpreter only, so nothing of it here.
    CODE = """
import hashlib, pixfer
frame = bytes(channel for y in range(144) for x in range(256) for channel in (x, 7 * y & 255, x * y & 255, 255))
assert hashlib.md5(pixfer.rgba_to_nv12(frame, width=256, height=144)).hexdigest() == MD5
lines = []
with pixfer.Converter("rgba", "nv12", 256, 144, threads=2, log=lambda level, line: lines.append(line)) as converter:
    try:
        converter.convert_rows(frame, pixfer.Frame("nv12", 256, 144), 1, 1)
    except ValueError as error:
        assert lines[-1] == str(error)
try:
    pixfer.convert(bytes(4), "nv12", "rgba", width=1, height=1)
except pixfer.UnsupportedError:
    pass
import os, tempfile, time
with tempfile.TemporaryDirectory() as folder:
    seen = []
    with pixfer.Exporter(folder + "/out.mp4", 256, 144, 30, preset="ultrafast", progress=seen.append, log=lambda *line: None) as out:
        for _ in range(10):
            out.push(frame)
            time.sleep(0.02)
    assert out.report.frames == 10 and isinstance(seen[0], pixfer.Progress)
"""

    def test_subinterpreters(self):
        code = f"MD5 = {REFERENCE_MD5!r}\n" + self.CODE
        program = f"""
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    try:
        import _interpreters as interpreters
    except ImportError:
        raise SystemExit(77)
code = {code!r}
exec(code, {{}})
import pixfer
classes = []
for i in range(3):
    try:  # those that share the lock: one with a lock of its own refuses modules of this stable ABI, and says so
        one = interpreters.create("legacy")
    except TypeError:
        one = interpreters.create(isolated=False)
    answer = interpreters.run_string(one, code)
    assert answer is None, answer
    interpreters.destroy(one)
exec(code, {{}})
print("done")
"""
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        if run.returncode == 77:
            self.skipTest("this Python has no module for subinterpreters")
        self.assertEqual((run.returncode, run.stdout), (0, "done\n"), run.stderr)

    def test_module_objects_are_freed(self):
        program = """
import gc, sys, weakref
import pixfer
core = sys.modules["pixfer._core"]
gone = weakref.ref(core)
c = pixfer.Converter("rgba", "nv12", 8, 8)
for name in [name for name in sys.modules if name.startswith("pixfer")]:
    del sys.modules[name]
del pixfer, core
gc.collect()
print(len(bytes(c.convert(bytes(256)))), gone() is not None)
del c
gc.collect()
print(gone() is None)
import pixfer
print(pixfer.Converter("rgba", "nv12", 8, 8))
"""
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        self.assertEqual(run.stdout, "96 True\nTrue\n<pixfer.Converter 8x8 rgba to nv12, bt709, limited range, siting left>\n", run.stderr)

    def test_objects_that_live_until_the_end(self):
        program = """
import pixfer
c = pixfer.Converter("rgba", "nv12", 8, 8, threads=3)
class Late:
    def __del__(self):
        print(len(bytes(self.c.convert(bytes(256)))))
        try:
            self.c.convert(b"")
        except ValueError as error:
            print(error)
late = Late()
late.c = c
late.me = late
"""
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stdout, "^96\nsrc: found shape", run.stderr)


if __name__ == "__main__":
    unittest.main()
