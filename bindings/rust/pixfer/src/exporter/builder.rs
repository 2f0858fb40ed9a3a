// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What an export is to be.

use std::ffi::CString;
use std::fmt;
use std::io::Write;
use std::mem::size_of;
use std::os::raw::c_void;
use std::path::Path;
use std::ptr;
use std::sync::Mutex;

use pixfer_sys as sys;

use super::closures::{
    self, Closures, Progress, ProgressAction, ProgressClosure, ProgressHandler, WriteHandler,
};
use super::Exporter;
use crate::backend::Backend;
use crate::call::{log_line, Level, Log, LogClosure};
use crate::color::{Color, Matrix, Range, Siting};
#[cfg(not(unix))]
use crate::error::invalid;
use crate::error::Result;
use crate::format::Format;
use crate::text;

/// A number as a fraction: frames per second, or seconds in a unit of time.
///
/// ```
/// use pixfer::Rational;
///
/// let ntsc = Rational::from((30000, 1001));
/// assert_eq!(Rational::from(60), Rational { num: 60, den: 1 });
/// # let _ = ntsc;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rational {
    /// Above the line.
    pub num: u32,
    /// Below the line.
    pub den: u32,
}

impl From<u32> for Rational {
    fn from(num: u32) -> Rational {
        Rational { num, den: 1 }
    }
}

impl From<(u32, u32)> for Rational {
    fn from((num, den): (u32, u32)) -> Rational {
        Rational { num, den }
    }
}

/// How the encoder is told what quality is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Rate {
    /// Constant quality 20, or what comes closest to it on an encoder without one.
    #[default]
    Default,
    /// Constant quality on x264's scale: 0 (lossless) to 51.
    Crf(f64),
    /// Bits per second, at least 1000.
    Bitrate(u64),
    /// This times the pixels of a second is bits per second: 0.30 is excellent, 0.04 small.
    BitsPerPixel(f64),
}

/// What the video is compressed as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Codec {
    /// That of the encoder named, else H.264.
    #[default]
    Default = sys::PIXFER_CODEC_DEFAULT,
    /// Plays everywhere.
    H264 = sys::PIXFER_CODEC_H264,
    /// Tagged hvc1, as Apple's players want it.
    Hevc = sys::PIXFER_CODEC_HEVC,
    /// AV1.
    Av1 = sys::PIXFER_CODEC_AV1,
}

/// Parameters of an [`Exporter`]; what is not set has a sensible default.
///
/// ```no_run
/// use pixfer::{Exporter, Format, Rate};
///
/// let exporter = Exporter::builder(Format::Bgra, 1920, 1080, 60)
///     .encoder("libx264")
///     .preset("ultrafast")
///     .rate(Rate::Crf(23.0))
///     .audio(48_000, 2)
///     .metadata("title", "A recording")
///     .overwrite(true)
///     .create("out.mp4")?;
/// # let _ = exporter;
/// # Ok::<(), pixfer::Error>(())
/// ```
#[must_use = "a builder makes nothing until create is called"]
pub struct ExporterBuilder {
    pub(super) raw: sys::pixfer_exporter_params,
    cpu: Option<String>,
    encoder: Option<String>,
    preset: Option<String>,
    audio_codec: Option<String>,
    metadata: Vec<(String, String)>,
    log: Option<LogClosure>,
    progress: Option<ProgressClosure>,
}

// The pointers of `raw` are set by create, on the stack of which what they point to lies.
unsafe impl Send for ExporterBuilder {}

impl Default for ExporterBuilder {
    /// Parameters for [`Input::export`](crate::Input::export), which takes format, size, rate and audio from what it reads.
    fn default() -> ExporterBuilder {
        ExporterBuilder {
            raw: sys::pixfer_exporter_params {
                struct_size: size_of::<sys::pixfer_exporter_params>(),
                ..Default::default()
            },
            cpu: None,
            encoder: None,
            preset: None,
            audio_codec: None,
            metadata: Vec::new(),
            log: None,
            progress: None,
        }
    }
}

impl ExporterBuilder {
    /// For RGB, YUYV and UYVY what frames are converted to, for NV12, I420, P010 and I010 what they are. BT.709, limited, left by default.
    pub fn color(mut self, color: Color) -> Self {
        self.raw.color = color.raw();
        self
    }

    /// The matrix alone.
    pub fn matrix(mut self, matrix: Matrix) -> Self {
        self.raw.color.matrix = matrix as sys::pixfer_matrix;
        self
    }

    /// The range alone.
    pub fn range(mut self, range: Range) -> Self {
        self.raw.color.range = range as sys::pixfer_range;
        self
    }

    /// The siting alone.
    pub fn siting(mut self, siting: Siting) -> Self {
        self.raw.color.siting = siting as sys::pixfer_siting;
        self
    }

    /// The siting is a default that may give way to what a hardware converter can do.
    pub fn any_siting(mut self, any: bool) -> Self {
        self.raw.any_siting = any.into();
        self
    }

    /// Colour primaries, as a number of H.273. By default those that go with the matrix.
    pub fn primaries(mut self, code: u8) -> Self {
        self.raw.primaries = code.into();
        self
    }

    /// Transfer characteristics, as a number of H.273. By default those that go with the matrix.
    pub fn transfer(mut self, code: u8) -> Self {
        self.raw.transfer = code.into();
        self
    }

    /// Seconds in a unit of `pts`: `(1, 1_000_000)` for a clock in microseconds. By default one frame, 1 / fps.
    pub fn time_base(mut self, unit: impl Into<Rational>) -> Self {
        let unit = unit.into();
        (self.raw.time_base_num, self.raw.time_base_den) = (unit.num, unit.den);
        self
    }

    /// What converts. By default the best that fits.
    pub fn converter(mut self, backend: Backend) -> Self {
        self.raw.converter = backend.raw();
        self
    }

    /// Measure the converters that are there and keep the quickest.
    pub fn fastest_converter(mut self, fastest: bool) -> Self {
        self.raw.fastest_converter = fastest.into();
        self
    }

    /// Pins the instruction set: one of [`cpu_names`](crate::cpu_names).
    pub fn cpu(mut self, name: impl Into<String>) -> Self {
        self.cpu = Some(name.into());
        self
    }

    /// How many threads convert one frame; 0, the default, chooses.
    pub fn convert_threads(mut self, threads: u32) -> Self {
        self.raw.convert_threads = threads;
        self
    }

    /// What the video is compressed as; by default what the encoder makes, else H.264.
    pub fn codec(mut self, codec: Codec) -> Self {
        self.raw.codec = codec as sys::pixfer_codec;
        self
    }

    /// Bits of a sample: 8 or 10. By default 10 where frames have more than 8 and the codec is HEVC or AV1, else 8; H.264 has 8.
    pub fn depth(mut self, bits: u32) -> Self {
        self.raw.depth = bits;
        self
    }

    /// 420 (the default) or 444, which keeps the chroma of every pixel, for editing. `I444` and `I410` frames pass through to it.
    pub fn chroma(mut self, chroma: u32) -> Self {
        self.raw.chroma = chroma;
        self
    }

    /// Composes straight alpha over a colour, 0xRRGGBB. By default alpha is dropped, and the log says what is lost.
    pub fn background(mut self, rgb: u32) -> Self {
        (self.raw.alpha, self.raw.background) = (sys::PIXFER_ALPHA_COMPOSE, rgb);
        self
    }

    /// A libavcodec encoder for H.264, HEVC or AV1. By default the platform's hardware if it proves to work, then software.
    pub fn encoder(mut self, name: impl Into<String>) -> Self {
        self.encoder = Some(name.into());
        self
    }

    /// x264's name ("ultrafast" to "veryslow"), translated for other encoders, or the encoder's own.
    pub fn preset(mut self, name: impl Into<String>) -> Self {
        self.preset = Some(name.into());
        self
    }

    /// What quality is wanted.
    pub fn rate(mut self, rate: Rate) -> Self {
        (self.raw.rate, self.raw.rate_value) = match rate {
            Rate::Default => (sys::PIXFER_RATE_DEFAULT, 0.0),
            Rate::Crf(quality) => (sys::PIXFER_RATE_CRF, quality),
            Rate::Bitrate(bits) => (sys::PIXFER_RATE_BITRATE, bits as f64),
            Rate::BitsPerPixel(bits) => (sys::PIXFER_RATE_BITS_PER_PIXEL, bits),
        };
        self
    }

    /// How many threads encode; 0, the default, chooses.
    pub fn encoder_threads(mut self, threads: u32) -> Self {
        self.raw.encoder_threads = threads;
        self
    }

    /// There will be audio, of 1 to 8 channels.
    pub fn audio(mut self, sample_rate: u32, channels: u32) -> Self {
        (self.raw.sample_rate, self.raw.channels) = (sample_rate, channels);
        self
    }

    /// A libavcodec audio encoder that MP4 can hold: "aac" (the default), "alac", "libopus", "flac".
    pub fn audio_codec(mut self, name: impl Into<String>) -> Self {
        self.audio_codec = Some(name.into());
        self
    }

    /// Bits per second for all channels; 96000 for each by default. Lossless codecs ignore it.
    pub fn audio_bitrate(mut self, bits: u32) -> Self {
        self.raw.audio_bitrate = bits;
        self
    }

    /// Budget in bytes for frames being converted, waiting and being encoded; 40 MB by default. Three frames are always allowed.
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.raw.queue_bytes = bytes;
        self
    }

    /// Replace an existing OUT or OUT.part; refused by default, before any work is done.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.raw.overwrite = overwrite.into();
        self
    }

    /// Time 0 of the file is pts 0, and not the first frame.
    pub fn keep_start(mut self, keep: bool) -> Self {
        self.raw.keep_start = keep.into();
        self
    }

    /// Most frames from one key frame to the next.
    pub fn gop(mut self, frames: u32) -> Self {
        self.raw.gop = frames;
        self
    }

    /// 0, 90, 180 or 270: degrees clockwise by which players turn the frames for display.
    pub fn rotation(mut self, degrees: u32) -> Self {
        self.raw.rotation = degrees;
        self
    }

    /// Width to height of a pixel; square by default.
    pub fn sample_aspect(mut self, aspect: impl Into<Rational>) -> Self {
        let aspect = aspect.into();
        (self.raw.sample_aspect_num, self.raw.sample_aspect_den) = (aspect.num, aspect.den);
        self
    }

    /// A line of metadata: "title", "artist", "comment", "date" and what else MP4 has a place for.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.push((key.into(), value.into()));
        self
    }

    /// Receives the library's lines, from any thread that calls in and from the exporter's own. It may use an
    /// [`ExporterHandle`](crate::ExporterHandle) and nothing else of this export; see also
    /// [`ConverterBuilder::log`](crate::ConverterBuilder::log).
    pub fn log(mut self, log: impl Fn(Level, &str) + Send + Sync + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// Is called at most ten times a second, also while nothing moves, from within calls that push frames or finish, and says what is
    /// to be done next. It may use an [`ExporterHandle`](crate::ExporterHandle) and nothing else of this export. A panic in it aborts
    /// the export and goes on from the call.
    pub fn progress(mut self, progress: impl FnMut(&Progress) -> ProgressAction + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Opens converter and encoder and creates OUT.part, which becomes the MP4 called `path` when the export is finished.
    ///
    /// Errors: `Invalid`, `Unsupported`, `Unavailable` (the encoder or converter that was asked for), `NoMemory`, `Io` (the output
    /// cannot be created, or exists). Nothing is left on disk.
    pub fn create(self, path: impl AsRef<Path>) -> Result<Exporter> {
        let path = c_path(path.as_ref())?;
        self.open(Some(&path), None)
    }

    /// The same into a stream: a fragmented MP4 that is handed to `writer` as it grows, on a thread of the exporter's. Nothing is
    /// created on disk. For pipes, sockets and uploads.
    ///
    /// ```no_run
    /// use pixfer::{Exporter, Format, Frame};
    /// use std::net::TcpStream;
    ///
    /// let socket = TcpStream::connect("example.org:9000")?;
    /// let mut exporter = Exporter::builder(Format::Rgba, 640, 480, 30).create_writer(socket)?;
    /// exporter.push(&Frame::new(Format::Rgba, 640, 480)?.as_image(), 0)?;
    /// exporter.finish()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create_writer(self, writer: impl Write + Send + 'static) -> Result<Exporter> {
        self.open(None, Some(Box::new(writer)))
    }

    fn open(self, path: Option<&CString>, writer: Option<Box<dyn Write + Send>>) -> Result<Exporter> {
        let channels = self.raw.channels;
        let parts = self.parts(writer)?;
        Exporter::open(path, parts, channels)
    }

    /// The parameters as the library reads them, and the closures that they name.
    pub(super) fn parts(self, writer: Option<Box<dyn Write + Send>>) -> Result<Parts> {
        let optional =
            |what, value: Option<String>| value.map(|value| text::c_string(what, value)).transpose();
        let log = Log::new(self.log)?;
        let progress = self
            .progress
            .map(|closure| Box::new(ProgressHandler { log: &*log, closure: Mutex::new(closure) }));
        let write = writer.map(|writer| Box::new(WriteHandler { log: &*log, writer: Mutex::new(writer) }));
        let mut given = Given {
            raw: self.raw,
            _strings: [
                optional("cpu", self.cpu)?,
                optional("encoder", self.encoder)?,
                optional("preset", self.preset)?,
                optional("audio_codec", self.audio_codec)?,
            ],
            _texts: self
                .metadata
                .into_iter()
                .map(|(key, value)| {
                    Ok((text::c_string("metadata", key)?, text::c_string("metadata", value)?))
                })
                .collect::<Result<_>>()?,
            _metadata: Vec::new(),
        };
        given._metadata = given
            ._texts
            .iter()
            .map(|(key, value)| sys::pixfer_metadata { key: key.as_ptr(), value: value.as_ptr() })
            .collect();
        let raw = &mut given.raw;
        let [cpu, encoder, preset, audio_codec] = [0, 1, 2, 3]
            .map(|index| given._strings[index].as_ref().map_or(ptr::null(), |text| text.as_ptr()));
        (raw.cpu, raw.encoder, raw.preset, raw.audio_codec) = (cpu, encoder, preset, audio_codec);
        (raw.metadata, raw.metadata_count) = (given._metadata.as_ptr(), given._metadata.len());
        raw.log = Some(log_line);
        raw.log_opaque = log.opaque();
        if let Some(handler) = &progress {
            raw.progress = Some(closures::progress);
            raw.progress_opaque = &**handler as *const ProgressHandler as *mut c_void;
        }
        if let Some(handler) = &write {
            raw.write = Some(closures::write);
            raw.write_opaque = &**handler as *const WriteHandler as *mut c_void;
        }
        Ok(Parts { given, closures: Closures { log, _progress: progress, write } })
    }
}

impl fmt::Debug for ExporterBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExporterBuilder")
            .field("format", &Format::from_raw(self.raw.format))
            .field("width", &self.raw.width)
            .field("height", &self.raw.height)
            .field("fps", &(self.raw.fps_num, self.raw.fps_den))
            .field("encoder", &self.encoder)
            .field("preset", &self.preset)
            .finish_non_exhaustive()
    }
}

pub(super) struct Parts {
    pub(super) given: Given,
    pub(super) closures: Closures,
}

/// Parameters, and what their pointers point to.
pub(super) struct Given {
    pub(super) raw: sys::pixfer_exporter_params,
    _strings: [Option<CString>; 4],
    _texts: Vec<(CString, CString)>,
    _metadata: Vec<sys::pixfer_metadata>,
}

#[cfg(unix)]
pub(super) fn c_path(path: &Path) -> Result<CString> {
    use std::os::unix::ffi::OsStrExt;
    text::c_string("path", path.as_os_str().as_bytes())
}

#[cfg(not(unix))]
pub(super) fn c_path(path: &Path) -> Result<CString> {
    match path.to_str() {
        Some(path) => text::c_string("path", path),
        None => invalid(format!("path is {path:?}, expected Unicode")),
    }
}
