# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

from fractions import Fraction
from os import PathLike
from typing import Any, Callable, Iterable, Literal, Mapping, NamedTuple, TypeVar, final, overload

from typing_extensions import TypeAlias

__version__: str

# Names are understood in any case.
_SourceFormat: TypeAlias = Literal["rgba", "bgra", "argb", "abgr", "rgb24", "bgr24", "gbrp", "yuyv", "uyvy", "rgb10a2", "bgr10a2", "rgba64",
                                   "rgba16f", "gbrp10", "gbrp12", "gbrp16", "gbrpf32"]
_DestinationFormat: TypeAlias = Literal["nv12", "nv21", "i420", "yv12", "p010", "i444", "nv24", "i422", "nv16", "p012", "p016", "i010",
                                        "i410"]
_ExportFormat: TypeAlias = _SourceFormat | Literal["nv12", "i420", "p010", "i010", "i444", "i410"]
_Codec: TypeAlias = Literal["h264", "hevc", "av1"]
_Matrix: TypeAlias = Literal["bt709", "bt601", "smpte240m", "bt2020"]
_Range: TypeAlias = Literal["limited", "full"]
_Siting: TypeAlias = Literal["left", "center", "top-left"]
_Backend: TypeAlias = Literal["auto", "cpu", "videotoolbox", "vulkan", "d3d11", "swscale"]
_Ratio: TypeAlias = int | float | str | Fraction | tuple[int, int]
# A level of the logging module, and a line.
_Log: TypeAlias = Callable[[int, str], object]

# What has the buffer protocol, which checkers cannot say before Python 3.12: an array, memoryview, bytearray, bytes, mmap, a Frame; or a
# tuple or list of such planes; or a PyAV frame; as a source a Pillow image, too.
_Pixels: TypeAlias = Any
_OutT = TypeVar("_OutT")

SOURCE_FORMATS: tuple[_SourceFormat, ...]
DESTINATION_FORMATS: tuple[_DestinationFormat, ...]
MATRICES: tuple[_Matrix, ...]
RANGES: tuple[_Range, ...]
SITINGS: tuple[_Siting, ...]

class Error(Exception): ...
class UnsupportedError(Error, ValueError): ...
class UnavailableError(Error, RuntimeError): ...
class DeviceError(Error, RuntimeError): ...
class OutputError(Error, OSError): ...
class CancelledError(Error): ...
class QueueFullError(Error, BlockingIOError): ...

class ConverterInfo(NamedTuple):
    backend: str  # "cpu", ...
    isa: str  # "avx512", "avx2", "neon", "c" or ""
    exact: bool  # every sample is the correctly rounded value
    fallback_reason: str | None  # why a preferred backend was not used or was given up
    frames: int  # conversions done
    threads: int  # how many convert one frame
    takes_rows: bool  # convert_rows is done by this backend

class BackendInfo(NamedTuple):
    name: str
    missing: str | None  # why this build on this machine has not got it
    hardware: bool  # it works beside the processor
    automatic: bool  # "auto" may choose it
    exact: bool

class Progress(NamedTuple):
    frames: int  # encoded and handed to the writer
    seconds: float  # since it was opened
    fps: float  # frames per second of the export, over the last seconds
    speed: float  # 1 = as fast as it plays
    bytes: int  # written
    media_seconds: float  # length of what has been encoded
    stage: str  # "source", "encode" or "finalise"

class Queue(NamedTuple):
    frames: int  # converted and waiting for the encoder
    capacity: int  # at this number push waits
    bytes: int  # that these frames hold

class Report(NamedTuple):
    frames: int  # in the file
    wall_s: float  # from open to the end of finish
    fps: float  # frames / wall_s
    convert_s: float
    encode_s: float
    mux_s: float
    cpu_s: float  # processor time of the whole process meanwhile
    peak_rss_bytes: int  # largest resident size of the process so far; 0 = the system does not tell
    backend: str  # "cpu", ...; "" where nothing was converted
    isa: str
    exact: bool
    fallback_reason: str | None
    converted: int  # frames
    encoder: str
    bytes: int  # size of the file
    part_kept: bool  # it failed or was aborted, and PATH.part holds part_frames playable frames
    part_frames: int
    refused: int  # frames that push and try_push refused
    measured: str  # what converters took for a frame, with fastest_converter

@final
class Frame:
    def __new__(cls, format: _SourceFormat | _DestinationFormat, width: int, height: int) -> Frame: ...
    @property
    def format(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def planes(self) -> tuple[memoryview, ...]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, key: int, /) -> memoryview: ...
    # From Python 3.12 on; the buffer protocol is there before.
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def __bytes__(self) -> bytes: ...

@final
class Converter:
    def __new__(
        cls,
        src_format: _SourceFormat,
        dst_format: _DestinationFormat,
        width: int,
        height: int,
        *,
        matrix: _Matrix = "bt709",
        range: _Range = "limited",
        siting: _Siting = "left",
        backend: _Backend = "auto",
        threads: int = 0,
        cpu: str | None = None,
        background: int | None = None,
        log: _Log | None = None,
    ) -> Converter: ...
    @property
    def src_format(self) -> str: ...
    @property
    def dst_format(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def matrix(self) -> str: ...
    @property
    def range(self) -> str: ...
    @property
    def siting(self) -> str: ...
    @property
    def closed(self) -> bool: ...
    @property
    def info(self) -> ConverterInfo: ...
    @overload
    def convert(self, src: _Pixels, out: None = None) -> Frame: ...  # type: ignore # None is no memory
    @overload
    def convert(self, src: _Pixels, out: _OutT) -> _OutT: ...
    def convert_rows(self, src: _Pixels, out: _Pixels, first: int, count: int) -> None: ...
    @overload
    def convert_batch(self, sources: Iterable[_Pixels], outs: None = None) -> list[Frame]: ...
    @overload
    def convert_batch(self, sources: Iterable[_Pixels], outs: Iterable[_OutT]) -> list[_OutT]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Converter: ...
    def __exit__(self, *exception: object) -> None: ...

@overload
def rgba_to_nv12(  # type: ignore
    rgba: _Pixels,
    out: None = None,
    *,
    width: int | None = None,
    height: int | None = None,
    matrix: _Matrix = "bt709",
    range: _Range = "limited",
    siting: _Siting = "left",
    threads: int = 1,
) -> Frame: ...
@overload
def rgba_to_nv12(
    rgba: _Pixels,
    out: _OutT,
    *,
    width: int | None = None,
    height: int | None = None,
    matrix: _Matrix = "bt709",
    range: _Range = "limited",
    siting: _Siting = "left",
    threads: int = 1,
) -> _OutT: ...
@overload
def convert(  # type: ignore
    src: _Pixels,
    src_format: _SourceFormat,
    dst_format: _DestinationFormat,
    out: None = None,
    *,
    width: int | None = None,
    height: int | None = None,
    matrix: _Matrix = "bt709",
    range: _Range = "limited",
    siting: _Siting = "left",
    backend: _Backend = "auto",
    threads: int = 1,
    cpu: str | None = None,
    background: int | None = None,
) -> Frame: ...
@overload
def convert(
    src: _Pixels,
    src_format: _SourceFormat,
    dst_format: _DestinationFormat,
    out: _OutT,
    *,
    width: int | None = None,
    height: int | None = None,
    matrix: _Matrix = "bt709",
    range: _Range = "limited",
    siting: _Siting = "left",
    backend: _Backend = "auto",
    threads: int = 1,
    cpu: str | None = None,
    background: int | None = None,
) -> _OutT: ...
def cpu_names() -> list[str]: ...
def backends() -> list[BackendInfo]: ...

# The names below raise ImportError where FFmpeg's libraries are missing.

@final
class Exporter:
    def __new__(
        cls,
        path: str | bytes | PathLike[str] | PathLike[bytes] | int,
        width: int,
        height: int,
        fps: _Ratio,
        *,
        format: _ExportFormat = "rgba",
        matrix: _Matrix = "bt709",
        range: _Range = "limited",
        siting: _Siting = "left",
        any_siting: bool = False,
        primaries: int = 0,
        transfer: int = 0,
        time_base: _Ratio | None = None,
        keep_start: bool = False,
        codec: _Codec | None = None,
        depth: int = 0,
        chroma: int = 0,
        background: int | None = None,
        encoder: str | None = None,
        preset: str | None = None,
        crf: float | None = None,
        bitrate: float | None = None,
        bits_per_pixel: float | None = None,
        gop: int = 0,
        encoder_threads: int = 0,
        sample_rate: int | None = None,
        channels: int | None = None,
        audio_codec: str | None = None,
        audio_bitrate: int = 0,
        rotation: int = 0,
        sample_aspect: _Ratio | None = None,
        metadata: Mapping[str, str] | None = None,
        converter: _Backend = "auto",
        fastest_converter: bool = False,
        cpu: str | None = None,
        convert_threads: int = 0,
        queue_bytes: int = 0,
        overwrite: bool = False,
        progress: Callable[[Progress], Literal["continue", "finish", "abort"] | None] | None = None,
        log: _Log | None = None,
    ) -> Exporter: ...
    @property
    def path(self) -> str | int: ...
    @property
    def format(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def closed(self) -> bool: ...
    @property
    def error(self) -> str | None: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def report(self) -> Report | Any: ...  # None before finish()
    def push(self, frame: _Pixels, pts: int | None = None) -> None: ...
    def try_push(self, frame: _Pixels, pts: int | None = None) -> bool: ...
    def push_audio(self, samples: Any, pts: int | None = None) -> None: ...
    def pause(self, pts: int, /) -> None: ...
    def resume(self, pts: int, /) -> None: ...
    def finish(self) -> Report: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Exporter: ...
    def __exit__(self, *exception: object) -> bool: ...

def encoder_names() -> list[str]: ...
def encoder_missing(name: str, /) -> str | None: ...
def libav_versions() -> str: ...
