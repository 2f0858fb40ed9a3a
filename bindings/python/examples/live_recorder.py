# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""A recorder that runs live for two seconds, or until Ctrl-C: frames with the times of a clock, audio from a thread of its own.
Usage: live_recorder.py [OUT.mp4]"""
import logging
import sys
import threading
import time

import numpy
import pixfer

W, H, RATE = 320, 180, 48000
logging.basicConfig(level=logging.INFO, format="%(message)s")
begin = time.monotonic()


def record_audio(out):
    tone = numpy.sin(numpy.arange(RATE // 100) * 2 * numpy.pi * 440 / RATE).astype(numpy.float32) / 10
    for block in range(180):
        time.sleep(max(0, block / 100 - (time.monotonic() - begin)))
        out.push_audio(tone, pts=int(begin * RATE) + block * len(tone))


with pixfer.Exporter(sys.argv[1] if len(sys.argv) > 1 else "recording.mp4", W, H, 30, time_base=(1, 1000000), sample_rate=RATE,
                     channels=1, preset="ultrafast", overwrite=True, log=logging.getLogger("pixfer").log) as out:
    audio = threading.Thread(target=record_audio, args=(out,))
    audio.start()
    frame = numpy.full((H, W, 4), 255, numpy.uint8)
    dropped = 0
    try:
        while time.monotonic() < begin + 2:
            frame[..., 0] += 1
            dropped += not out.try_push(frame, pts=int(time.monotonic() * 1000000))
            time.sleep(1 / 30)
    except KeyboardInterrupt:
        pass  # the end of the block finishes the file
    audio.join()
print(f"{out.report.frames} frames, {dropped} dropped")
