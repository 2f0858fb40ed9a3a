# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Exceptions, and what calls answer. The extension modules make them; they are public as members of pixfer."""

from collections import namedtuple


class Error(Exception):
    """What the library answers beyond wrong arguments, which raise TypeError and ValueError, and a lack of memory, MemoryError."""


class UnsupportedError(Error, ValueError):
    """The argument is meaningful, but this build or backend cannot do it."""


class UnavailableError(Error, RuntimeError):
    """The hardware, instruction set, backend or encoder is absent here."""


class DeviceError(Error, RuntimeError):
    """The hardware or its driver failed while running."""


class OutputError(Error, OSError):
    """The output exists already, or cannot be written."""


class CancelledError(Error):
    """The export was cancelled, or its progress callback asked for the end."""


class QueueFullError(Error, BlockingIOError):
    """Too much audio waits for its frames; nothing was taken."""


ConverterInfo = namedtuple("ConverterInfo", "backend isa exact fallback_reason frames threads takes_rows")
BackendInfo = namedtuple("BackendInfo", "name missing hardware automatic exact")
Progress = namedtuple("Progress", "frames seconds fps speed bytes media_seconds stage")
Queue = namedtuple("Queue", "frames capacity bytes")
Report = namedtuple(
    "Report",
    "frames wall_s fps convert_s encode_s mux_s cpu_s peak_rss_bytes backend isa exact fallback_reason converted encoder bytes "
    "part_kept part_frames refused measured",
)

ConverterInfo.__doc__ = "What a converter is and has done."
BackendInfo.__doc__ = "What a backend is."
Progress.__doc__ = "How far an export is."
Queue.__doc__ = "How full the queue before the encoder is."
Report.__doc__ = "What an export did. The stages overlap, so their times add up to more than wall_s."

for _class in (Error, UnsupportedError, UnavailableError, DeviceError, OutputError, CancelledError, QueueFullError,
               ConverterInfo, BackendInfo, Progress, Queue, Report):
    _class.__module__ = "pixfer"
del _class
