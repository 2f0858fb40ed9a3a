# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Nothing grows: references, blocks and resident memory, after calls that succeed and calls that fail."""

import gc
import os
import sys
import tempfile
import tracemalloc
import unittest

import numpy as np
import pixfer

from common import picture, source


def resident():
    if os.environ.get("PIXFER_TEST_SANITIZED"):  # its allocator keeps what was freed
        return 0
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class Memory(unittest.TestCase):
    def flat(self, work, rounds=400, of_each=0.5):
        """Fails where every round of `work` leaves a block of memory: caches of others may grow in some batches of rounds, not in all."""
        growth = []
        for _ in range(6):
            gc.collect()
            before = sys.getallocatedblocks()
            for _ in range(rounds):
                work()
            gc.collect()
            growth.append(sys.getallocatedblocks() - before)
            if growth[-1] < rounds * of_each:
                return
        self.fail(f"{rounds} rounds leave {growth} blocks")

    def test_references(self):
        frame, out = source(picture(16, 12), "rgba"), bytearray(288)
        planes = (np.zeros((12, 16), np.uint8), np.zeros((6, 16), np.uint8))
        log = lambda level, line: None
        objects = (frame, out, planes, *planes, log, pixfer.Frame, pixfer.Converter, sys.modules["pixfer._core"])
        before = [sys.getrefcount(thing) for thing in objects]

        def work():
            with pixfer.Converter("rgba", "nv12", 16, 12, log=log) as converter:
                converter.convert(frame, out)
                converter.convert(frame, planes)
                converter.convert(frame[..., ::-1])
                converter.convert_rows(frame, out, 0, 2)
                converter.convert_batch([frame, frame])
                converter.info, repr(converter)
                for wrong in (lambda: converter.convert(frame[1:], out), lambda: converter.convert(frame, bytes(288)),
                              lambda: converter.convert(frame, (planes[0], None)), lambda: converter.convert_rows(frame, out, 1, 1),
                              lambda: converter.convert_batch([frame, None]), lambda: converter.convert_batch([frame], [None, out]),
                              lambda: converter.convert(frame.astype(float)), lambda: converter.convert(frame, frame)):
                    try:
                        wrong()
                    except (ValueError, TypeError):
                        pass
            made = pixfer.rgba_to_nv12(frame)
            made.planes, made[0].obj, bytes(made), np.asarray(made[1]), repr(made)
            for arguments in (("rgba", "rgba", 4, 4), ("x", "nv12", 4, 4), ("rgba", "nv12", 0, 4)):
                try:
                    pixfer.Converter(*arguments)
                except ValueError:
                    pass

        self.flat(work)
        after = [sys.getrefcount(thing) for thing in objects]
        for thing, was, found in zip(objects, before, after):
            self.assertLess(abs(found - was), 40, thing)

    def test_thousands_of_conversions(self):
        frame = source(picture(640, 360), "rgba")
        converter = pixfer.Converter("rgba", "nv12", 640, 360)

        def work():
            converter.convert(frame)
            pixfer.rgba_to_nv12(frame[::-1])

        for _ in range(100):
            work()
        tracemalloc.start()
        base, start = resident(), tracemalloc.get_traced_memory()[0]
        for _ in range(2000):
            work()
        end = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        self.assertLess(end - start, 100_000)
        self.assertLess(resident() - base, 8_000_000)  # one frame is 345600 bytes, all of them 1.4 GB

    def test_cycles_are_found(self):
        class Holder:
            pass

        def work():
            holder = Holder()
            holder.converter = pixfer.Converter("rgba", "nv12", 8, 8, log=lambda level, line: holder)

        self.flat(work)

    def test_exports(self):
        frame = bytes(64 * 48 * 4)
        with tempfile.TemporaryDirectory() as folder:
            def work():
                with pixfer.Exporter(folder + "/out.mp4", 64, 48, 25, preset="ultrafast", encoder="libx264", overwrite=True, sample_rate=48000,
                                     channels=1, metadata={"title": "x" * 50}, progress=lambda p: None, log=lambda *line: None) as out:
                    for _ in range(3):
                        out.push(frame)
                    out.push_audio(np.zeros(100, np.float32))
                    for wrong in (lambda: out.push(frame[1:]), lambda: out.push(frame, 0), lambda: out.push_audio(frame)):
                        try:
                            wrong()
                        except (ValueError, TypeError):
                            pass
                out.report, out.path, repr(out)
                try:
                    pixfer.Exporter(folder + "/out.mp4", 64, 48, 25)
                except pixfer.OutputError:
                    pass

            def refused():
                for path in (folder + "/out.mp4", folder + "/nowhere/out.mp4"):
                    with self.assertRaises(pixfer.OutputError):
                        pixfer.Exporter(path, 64, 48, 25)

            work()
            self.flat(refused)
            self.flat(work, 12, 3)  # its report alone would leave 19
            base = resident()
            for _ in range(12):
                work()
            self.assertLess(resident() - base, 12_000_000)

    def test_a_view_keeps_its_memory(self):
        planes = [plane for _ in range(50) for plane in pixfer.rgba_to_nv12(np.full((8, 8, 4), 255, np.uint8))]
        gc.collect()
        self.assertEqual({plane[0, 0] if plane.ndim == 2 else 235 for plane in planes}, {235})
        arrays = [np.asarray(plane) for plane in planes]
        del planes
        gc.collect()
        self.assertTrue(all((array == (235 if array.ndim == 2 else 128)).all() for array in arrays))

    def test_memory_that_is_not_there(self):
        with self.assertRaises((MemoryError, ValueError)):
            pixfer.Frame("rgba", 1 << 24, 1 << 23)
        with self.assertRaises((MemoryError, ValueError)):
            pixfer.rgba_to_nv12(bytes(4), width=1 << 24, height=1 << 24)


if __name__ == "__main__":
    unittest.main()
