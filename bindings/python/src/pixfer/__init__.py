# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""RGBA frames to NV12, every sample the correctly rounded value of Rec. ITU-T H.273, and MP4 exports (H.264, HEVC, AV1).

    y, uv = pixfer.rgba_to_nv12(array)                          # any array, memoryview or image of (height, width, 4)

    converter = pixfer.Converter("bgra", "i420", 1920, 1080, matrix="bt601", range="full")
    frame = converter.convert(array)                            # bytes(frame), numpy.asarray(frame[0])
    converter.convert(array, out=frame)                         # into memory that is there already

    with pixfer.Exporter("out.mp4", 1920, 1080, 60) as out:     # needs FFmpeg's libraries
        for array in frames:
            out.push(array)

Wrong arguments raise TypeError or ValueError with a line that says what was found and what was expected.
"""

import importlib

from ._core import Converter, Frame, __version__, backends, convert, cpu_names, rgba_to_nv12
from ._types import (BackendInfo, CancelledError, ConverterInfo, DeviceError, Error, OutputError, Progress, Queue, QueueFullError,
                     Report, UnavailableError, UnsupportedError)

SOURCE_FORMATS = ("rgba", "bgra", "argb", "abgr", "rgb24", "bgr24", "gbrp", "yuyv", "uyvy", "rgb10a2", "bgr10a2", "rgba64", "rgba16f",
                  "gbrp10", "gbrp12", "gbrp16", "gbrpf32")
DESTINATION_FORMATS = ("nv12", "nv21", "i420", "yv12", "p010", "i444", "nv24", "i422", "nv16", "p012", "p016", "i010", "i410")
MATRICES = ("bt709", "bt601", "smpte240m", "bt2020")
RANGES = ("limited", "full")
SITINGS = ("left", "center", "top-left")

_ALWAYS = ("BackendInfo", "CancelledError", "Converter", "ConverterInfo", "DESTINATION_FORMATS", "DeviceError", "Error", "Frame",
           "MATRICES", "OutputError", "Progress", "Queue", "QueueFullError", "RANGES", "Report", "SITINGS", "SOURCE_FORMATS",
           "UnavailableError", "UnsupportedError", "backends", "convert", "cpu_names", "rgba_to_nv12")
_EXPORTER = ("Exporter", "encoder_missing", "encoder_names", "libav_versions")


def _load_exporter():
    # FFmpeg's libraries are loaded by the first who wants them: who converts only does without.
    try:
        _exporter = importlib.import_module("._exporter", __name__)
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError):
            why = "this build of pixfer has none, as it was built without libavcodec, libavformat, libavutil and libswresample"
        else:
            why = f"FFmpeg's libraries cannot be loaded: {error}"
        raise ImportError(f"pixfer has no exporter here: {why}; converting works without it", name=__name__ + "._exporter") from error
    for name in _EXPORTER:
        globals()[name] = getattr(_exporter, name)


def __getattr__(name):
    if name in _EXPORTER:
        _load_exporter()
        return globals()[name]
    if name == "__all__":  # a star import does not fail where there is no exporter
        return [name for name in __dir__() if not name.startswith("_")]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    try:
        _load_exporter()
    except ImportError:
        return sorted(_ALWAYS + ("__version__",))
    return sorted(_ALWAYS + _EXPORTER + ("__version__",))
