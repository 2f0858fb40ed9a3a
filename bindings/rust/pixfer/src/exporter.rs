// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::error;
use std::ffi::{CStr, CString};
use std::fmt;
use std::io::Write;
use std::mem::size_of;
use std::os::raw::{c_char, c_int, c_void};
use std::path::Path;
use std::ptr;
use std::slice;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};

use pixfer_sys as sys;

use crate::backend::Backend;
use crate::call::{log_line, Level, Log, LogClosure, Outcome};
use crate::color::{Color, Matrix, Range, Siting};
use crate::error::{invalid, Error, Result};
use crate::format::Format;
use crate::image::Image;
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

/// What a progress closure wants done next. The strongest answer so far counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProgressAction {
    /// Go on.
    #[default]
    Continue,
    /// Take no more frames and complete the file; the result is [`Error::Cancelled`].
    Finish,
    /// Stop at once and leave OUT.part as it is; the result is [`Error::Cancelled`].
    Abort,
}

/// How far an export is.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Frames encoded and handed to the writer.
    pub frames: u64,
    /// How many there will be, where that is known.
    pub frames_total: Option<u64>,
    /// Seconds since it was opened.
    pub seconds: f64,
    /// Frames per second of the export, over the last seconds.
    pub fps: f64,
    /// That over the frame rate of the video: 1 is as fast as it plays.
    pub speed: f64,
    /// Bytes written.
    pub bytes: u64,
    /// Seconds of video that have been encoded.
    pub media_seconds: f64,
    /// What is at work or waited for: "source", "encode" or "finalise".
    pub stage: String,
}

/// How full the queue before the encoder is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Queue {
    /// Frames converted and waiting for the encoder.
    pub frames: u32,
    /// At this number [`Exporter::push`] waits.
    pub capacity: u32,
    /// Bytes that these frames hold.
    pub bytes: u64,
}

/// What an export did. The stages overlap, so their times add up to more than `wall_s` where the machine has cores for it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Frames in the file.
    pub frames: u64,
    /// Seconds from open to the end of finish.
    pub wall_s: f64,
    /// Frames over `wall_s`.
    pub fps: f64,
    /// Seconds of reading and decoding.
    pub source_s: f64,
    /// Seconds of converting; for frames that pass through, of copying them.
    pub convert_s: f64,
    /// Seconds inside the encoder.
    pub encode_s: f64,
    /// Seconds of writing, flushing and finalising.
    pub mux_s: f64,
    /// Processor time of the whole process meanwhile, in seconds.
    pub cpu_s: f64,
    /// Largest resident size of the process so far, where the system tells.
    pub peak_rss_bytes: Option<u64>,
    /// The converter in charge at the end; [`Backend::Auto`] where nothing was converted.
    pub backend: Backend,
    /// Its name.
    pub backend_name: String,
    /// The instruction set of its kernels, or "".
    pub isa: String,
    /// Every sample is the correctly rounded value.
    pub exact: bool,
    /// Why a preferred converter was not used or was given up; "" where none was.
    pub fallback_reason: String,
    /// Frames converted.
    pub converted: u64,
    /// The encoder's name.
    pub encoder: String,
    /// Size of the file.
    pub bytes: u64,
    /// The export failed or was aborted, and OUT.part holds `part_frames` playable frames.
    pub part_kept: bool,
    /// How many.
    pub part_frames: u64,
    /// What converters took for a frame where the fastest was asked for; else "".
    pub measured: String,
    /// Packets of the input that could not be decoded and were left out.
    pub skipped: u64,
    /// Frames that were refused for their size, format, memory or pts.
    pub refused: u64,
}

/// Why an export did not end well, and what it did until then.
///
/// It converts into an [`Error`], so that `exporter.finish()?` works in functions that answer with [`Result`].
#[derive(Clone, Debug, PartialEq)]
pub struct FinishError {
    /// The first error of the export.
    pub error: Error,
    /// What is there nevertheless: see `part_kept`, and `bytes` of an export that a progress closure has finished.
    pub report: Box<Report>,
}

impl fmt::Display for FinishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl error::Error for FinishError {}

impl From<FinishError> for Error {
    fn from(failed: FinishError) -> Error {
        failed.error
    }
}

impl From<FinishError> for std::io::Error {
    fn from(failed: FinishError) -> std::io::Error {
        failed.error.into()
    }
}

// ---- What the library calls ----

type ProgressClosure = Box<dyn FnMut(&Progress) -> ProgressAction + Send>;

struct ProgressHandler {
    log: *const Log,
    closure: Mutex<ProgressClosure>,
}

struct WriteHandler {
    log: *const Log,
    writer: Mutex<Box<dyn Write + Send>>,
}

/// The closures of an export, at addresses that stay.
struct Closures {
    log: Box<Log>,
    _progress: Option<Box<ProgressHandler>>,
    write: Option<Box<WriteHandler>>,
}

// The pointers between them are to what each closure may be called with from any thread: a `Log` is Sync.
unsafe impl Send for Closures {}
unsafe impl Sync for Closures {}

/// A closure that panicked has not left half of anything of this crate's behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe extern "C" fn progress(
    opaque: *mut c_void,
    progress: *const sys::pixfer_progress,
) -> sys::pixfer_progress_action {
    // Members beyond struct_size are not there.
    let (handler, raw) = unsafe {
        let mut raw = sys::pixfer_progress::default();
        let size = (*progress).struct_size.min(size_of::<sys::pixfer_progress>());
        ptr::copy_nonoverlapping(progress.cast::<u8>(), (&mut raw as *mut sys::pixfer_progress).cast(), size);
        (&*(opaque as *const ProgressHandler), raw)
    };
    let progress = Progress {
        frames: raw.frames,
        frames_total: Some(raw.frames_total).filter(|&total| total != 0),
        seconds: raw.seconds,
        fps: raw.fps,
        speed: raw.speed,
        bytes: raw.bytes,
        media_seconds: raw.media_seconds,
        stage: unsafe { text::copied(raw.stage) }.unwrap_or_default(),
    };
    let log = unsafe { &*handler.log };
    match log.closure(|| lock(&handler.closure)(&progress)) {
        Some(ProgressAction::Continue) => sys::PIXFER_PROGRESS_CONTINUE,
        Some(ProgressAction::Finish) => sys::PIXFER_PROGRESS_FINISH,
        Some(ProgressAction::Abort) | None => sys::PIXFER_PROGRESS_ABORT,
    }
}

unsafe extern "C" fn write(opaque: *mut c_void, bytes: *const u8, size: usize) -> c_int {
    const EIO: c_int = 5;
    let (handler, bytes) = unsafe {
        let bytes = if size == 0 { &[][..] } else { slice::from_raw_parts(bytes, size) };
        (&*(opaque as *const WriteHandler), bytes)
    };
    let log = unsafe { &*handler.log };
    match log.closure(|| lock(&handler.writer).write_all(bytes)) {
        Some(Ok(())) => 0,
        Some(Err(error)) => error.raw_os_error().filter(|&number| number > 0).unwrap_or(EIO),
        None => EIO,
    }
}

// ---- Parameters ----

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
    raw: sys::pixfer_exporter_params,
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
    /// Parameters for [`Input::export`], which takes format, size, rate and audio from what it reads.
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
    /// For RGB, YUYV and UYVY what frames are converted to, for NV12 and I420 what they are. BT.709, limited, left by default.
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

    /// A libavcodec H.264 encoder. By default the platform's hardware if it proves to work, then software.
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
        let shared = Arc::new(Shared {
            raw: RwLock::new(Raw(ptr::null_mut())),
            audio: Mutex::new(()),
            channels,
            closures: parts.closures,
        });
        let mut raw = ptr::null_mut();
        let path = path.map_or(ptr::null(), |path| path.as_ptr());
        let outcome = shared
            .closures
            .log
            .call(|| unsafe { sys::pixfer_exporter_open(&mut raw, path, &parts.given.raw) });
        *shared.raw.write().unwrap_or_else(PoisonError::into_inner) = Raw(raw);
        let exporter = Exporter { raw, shared };
        outcome.result()?;
        Ok(exporter)
    }

    /// The parameters as the library reads them, and the closures that they name.
    fn parts(self, writer: Option<Box<dyn Write + Send>>) -> Result<Parts> {
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
            raw.progress = Some(self::progress);
            raw.progress_opaque = &**handler as *const ProgressHandler as *mut c_void;
        }
        if let Some(handler) = &write {
            raw.write = Some(self::write);
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

struct Parts {
    given: Given,
    closures: Closures,
}

/// Parameters, and what their pointers point to.
struct Given {
    raw: sys::pixfer_exporter_params,
    _strings: [Option<CString>; 4],
    _texts: Vec<(CString, CString)>,
    _metadata: Vec<sys::pixfer_metadata>,
}

#[cfg(unix)]
fn c_path(path: &Path) -> Result<CString> {
    use std::os::unix::ffi::OsStrExt;
    text::c_string("path", path.as_os_str().as_bytes())
}

#[cfg(not(unix))]
fn c_path(path: &Path) -> Result<CString> {
    match path.to_str() {
        Some(path) => text::c_string("path", path),
        None => invalid(format!("path is {path:?}, expected Unicode")),
    }
}

// ---- Push ----

struct Raw(*mut sys::pixfer_exporter);

// What may be called from which thread is decided where it is called.
unsafe impl Send for Raw {}
unsafe impl Sync for Raw {}

/// What an exporter and its handles have in common.
struct Shared {
    /// NULL once it is closed. Handles hold it for reading while they call.
    raw: RwLock<Raw>,
    /// Audio comes from one thread at a time.
    audio: Mutex<()>,
    channels: u32,
    closures: Closures,
}

impl Shared {
    fn call(&self, raw: *mut sys::pixfer_exporter, call: impl FnOnce() -> sys::pixfer_result) -> Result<()> {
        self.explain(raw, self.closures.log.call(call)).result()
    }

    /// A call that answers the export's first error says no line of its own.
    fn explain(&self, raw: *mut sys::pixfer_exporter, mut outcome: Outcome) -> Outcome {
        if outcome.line.is_none() && !raw.is_null() && outcome.code != sys::PIXFER_ERR_AGAIN {
            outcome.line = unsafe { text::copied(sys::pixfer_exporter_error(raw)) };
        }
        outcome
    }

    /// The exporter for a handle, unless it is closed, which it is not while this is held.
    fn handle<R>(&self, call: impl FnOnce(*mut sys::pixfer_exporter) -> R) -> Option<R> {
        match self.raw.try_read() {
            Ok(raw) if !raw.0.is_null() => Some(call(raw.0)),
            Err(TryLockError::Poisoned(raw)) if !raw.get_ref().0.is_null() => Some(call(raw.get_ref().0)),
            _ => None, // closed, or just being closed
        }
    }

    fn push_audio(&self, raw: *mut sys::pixfer_exporter, samples: &[f32], pts: Option<i64>) -> Result<()> {
        let channels = self.channels.max(1) as usize;
        if samples.len() % channels != 0 {
            return invalid(format!(
                "{} samples of audio, expected a multiple of {channels} for {channels} channels",
                samples.len()
            ));
        }
        if self.closures.log.is_inside() {
            return self.call(raw, || sys::PIXFER_OK); // which refuses it
        }
        let _one = match self.audio.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(guard)) => guard.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return invalid("audio is being pushed by another thread, expected one at a time".to_owned())
            }
        };
        let count = samples.len() / channels;
        self.call(raw, || unsafe {
            match pts {
                None => sys::pixfer_exporter_push_audio(raw, samples.as_ptr(), count),
                Some(pts) => sys::pixfer_exporter_push_audio_at(raw, samples.as_ptr(), count, pts),
            }
        })
    }
}

fn error_of(raw: *mut sys::pixfer_exporter) -> Option<String> {
    // The text does not change, and is valid until close.
    unsafe { text::copied(sys::pixfer_exporter_error(raw)) }.filter(|text| !text.is_empty())
}

fn queue_of(raw: *mut sys::pixfer_exporter) -> Queue {
    let mut queue = sys::pixfer_exporter_queue {
        struct_size: size_of::<sys::pixfer_exporter_queue>(),
        ..Default::default()
    };
    unsafe { sys::pixfer_exporter_get_queue(raw, &mut queue) };
    Queue { frames: queue.frames, capacity: queue.capacity, bytes: queue.bytes }
}

/// Frames in, an H.264 MP4 out, at the encoder's own speed. (Feature `exporter`.)
///
/// A renderer or a recorder creates one, pushes its frames and finishes it. A frame is converted on the caller's thread straight
/// into the frame that the encoder will read; encoding and writing go on beside it.
///
/// ```no_run
/// use pixfer::{Exporter, Format, Image};
///
/// let mut exporter = Exporter::builder(Format::Rgba, 1920, 1080, 60).overwrite(true).create("out.mp4")?;
/// let mut pixels = vec![0; 1920 * 1080 * 4];
/// for i in 0..600 {
///     pixels.fill(i as u8); // render
///     exporter.push(&Image::new(Format::Rgba, 1920, 1080, &pixels)?, i)?;
/// }
/// let report = exporter.finish()?;
/// println!("{} frames, {} bytes, {:.1} frames per second", report.frames, report.bytes, report.fps);
/// # Ok::<(), pixfer::Error>(())
/// ```
///
/// **Time.** A frame is shown from its pts until the next one's; the last for 1 / fps, or one unit of the time base if that is
/// longer. pts are in units of [`time_base`](ExporterBuilder::time_base), need not be regular, and must grow from frame to frame. The
/// first frame is time 0 of the file whatever its pts is, unless [`keep_start`](ExporterBuilder::keep_start) is set.
///
/// **Errors.** What is wrong with one call is that call's matter: it answers [`Error::Invalid`], nothing is taken, and the export
/// goes on. What is wrong with the export (a full disk, an encoder that fails) ends it: every later call answers that first error,
/// and [`finish`](Exporter::finish) keeps what is playable.
///
/// **Safety of the file.** While it runs, the export is OUT.part beside OUT: a fragmented MP4 that plays up to its last fragment
/// after a crash. Nothing called OUT ever holds half an export. An exporter that is dropped without `finish` stops and removes
/// OUT.part, unless an error ended the export: then what is playable stays.
///
/// **Threads.** Frames come from the owner of the exporter, which may be handed from thread to thread. Audio may come from another
/// thread beside it, through an [`AudioInput`]; an [`ExporterHandle`](crate::ExporterHandle) cancels from anywhere.
pub struct Exporter {
    /// The same as in `shared`; only this value closes it.
    raw: *mut sys::pixfer_exporter,
    shared: Arc<Shared>,
}

// Frames come from one thread at a time: those calls need `&mut self` or `self`. The others are for any thread.
unsafe impl Send for Exporter {}
unsafe impl Sync for Exporter {}

impl Exporter {
    /// An export of frames of a format (an RGB format, YUYV or UYVY, which are converted, or NV12 or I420, which pass through) and
    /// a size of any parity, 1 to 16384, at a frame rate: `60`, or `(30000, 1001)`. The rate is a nominal one where times are
    /// irregular.
    pub fn builder(format: Format, width: u32, height: u32, fps: impl Into<Rational>) -> ExporterBuilder {
        let fps = fps.into();
        let mut builder = ExporterBuilder::default();
        builder.raw.format = format.raw();
        (builder.raw.width, builder.raw.height) = (width, height);
        (builder.raw.fps_num, builder.raw.fps_den) = (fps.num, fps.den);
        builder
    }

    /// Hands over one frame. Its memory is not used afterwards. Waits while the encoder is behind by the queue's budget: nothing
    /// is dropped.
    ///
    /// A frame of another size or format, or whose pts is not above the one before, too far behind it, or within a pause is refused
    /// with [`Error::Invalid`], and the export goes on. [`Error::Cancelled`] says that the export is to end: finish it then.
    pub fn push(&mut self, image: &Image<'_>, pts: i64) -> Result<()> {
        let raw = self.raw;
        self.shared.call(raw, || unsafe { sys::pixfer_exporter_push(raw, &image.raw, pts) })
    }

    /// [`push`](Exporter::push) without waiting: [`Error::Again`], and nothing is taken, where the queue is full. The same pts may
    /// be tried again.
    pub fn try_push(&mut self, image: &Image<'_>, pts: i64) -> Result<()> {
        let raw = self.raw;
        self.shared.call(raw, || unsafe { sys::pixfer_exporter_try_push(raw, &image.raw, pts) })
    }

    /// Hands over interleaved samples from -1 to 1 that follow the ones before; the first belong to time 0. At the end, missing
    /// audio is filled with silence and surplus cut, both at the end of the last frame.
    ///
    /// What is ahead of the frames waits in memory, 256 MB at most. Where that is full, audio from the frames' thread gets
    /// [`Error::Again`].
    pub fn push_audio(&mut self, samples: &[f32]) -> Result<()> {
        self.shared.push_audio(self.raw, samples, None)
    }

    /// [`push_audio`](Exporter::push_audio) with a time of its own: `pts`, in samples (1 / sample rate), on the same clock as the
    /// frames' pts, says when the first of these samples is heard. A hole before it is filled with silence, an overlap is cut.
    pub fn push_audio_at(&mut self, samples: &[f32], pts: i64) -> Result<()> {
        self.shared.push_audio(self.raw, samples, Some(pts))
    }

    /// The way for audio from a thread of its own.
    pub fn audio_input(&self) -> AudioInput {
        AudioInput { shared: self.shared.clone() }
    }

    /// What stops and watches the export from anywhere.
    pub fn handle(&self) -> ExporterHandle {
        ExporterHandle { shared: self.shared.clone() }
    }

    /// Begins a hole in the clock of the frames' pts that is left out of the export; the last frame is shown until it begins. Frames
    /// and audio are refused until [`resume`](Exporter::resume).
    pub fn pause(&mut self, pts: i64) -> Result<()> {
        let raw = self.raw;
        self.shared.call(raw, || unsafe { sys::pixfer_exporter_pause(raw, pts) })
    }

    /// Ends that hole. pts go on as the clock does.
    pub fn resume(&mut self, pts: i64) -> Result<()> {
        let raw = self.raw;
        self.shared.call(raw, || unsafe { sys::pixfer_exporter_resume(raw, pts) })
    }

    /// How full the queue is.
    pub fn queue(&self) -> Queue {
        queue_of(self.raw)
    }

    /// The line of the error that ended the export; refused calls are not errors of the export.
    pub fn error(&self) -> Option<String> {
        error_of(self.raw)
    }

    /// Stops the export and gives it up: see [`ExporterHandle::cancel`](crate::ExporterHandle::cancel).
    pub fn cancel(&self) {
        self.handle().cancel();
    }

    /// Encodes what is waiting, finalises the file and gives it its name.
    ///
    /// `Cancelled` says that a progress closure asked for the end (after [`ProgressAction::Finish`] the file is complete, and
    /// `report.bytes` is its size), or that it was cancelled. After an error OUT.part stays as far as it is playable. Without a
    /// frame it is `Invalid`, and nothing stays.
    pub fn finish(self) -> Result<Report, FinishError> {
        let raw = self.raw;
        let mut stats = empty_stats();
        let outcome =
            self.shared.closures.log.call(|| unsafe { sys::pixfer_exporter_finish(raw, &mut stats) });
        let mut result = self.shared.explain(raw, outcome).result();
        let shared = self.shared.clone();
        drop(self);
        if let (Ok(()), Some(handler)) = (&result, &shared.closures.write) {
            let flushed = lock(&handler.writer).flush();
            result = flushed.map_err(|error| Error::Io(format!("output: flush: {error}")));
        }
        let report = Report::of(&stats);
        match result {
            Ok(()) => Ok(report),
            Err(error) => Err(FinishError { error, report: Box::new(report) }),
        }
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        if self.raw.is_null() {
            return;
        }
        let shared = &self.shared;
        // A handle may be at work. Audio that waits for frames does so until there is an end: an error, or this.
        let mut closing = match shared.raw.try_write() {
            Ok(closing) => closing,
            Err(TryLockError::Poisoned(closing)) => closing.into_inner(),
            Err(TryLockError::WouldBlock) => {
                let raw = self.raw;
                if error_of(raw).is_none() {
                    let cancel = || {
                        unsafe { sys::pixfer_exporter_cancel(raw) };
                        sys::PIXFER_OK
                    };
                    shared.closures.log.call_from_anywhere(cancel).ignore();
                }
                shared.raw.write().unwrap_or_else(PoisonError::into_inner)
            }
        };
        let close = || {
            unsafe { sys::pixfer_exporter_close(&mut closing.0) };
            sys::PIXFER_OK
        };
        shared.closures.log.call_from_anywhere(close).ignore();
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter")
            .field("queue", &self.queue())
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}

/// Audio from a thread of its own, beside the frames of an [`Exporter`].
///
/// Only one thread at a time pushes audio; another one is refused. When the exporter is finished or gone, so is this.
pub struct AudioInput {
    shared: Arc<Shared>,
}

impl AudioInput {
    /// As [`Exporter::push_audio`], but it waits for the frames where audio is too far ahead.
    pub fn push_audio(&mut self, samples: &[f32]) -> Result<()> {
        self.push(samples, None)
    }

    /// As [`Exporter::push_audio_at`], but it waits for the frames where audio is too far ahead.
    pub fn push_audio_at(&mut self, samples: &[f32], pts: i64) -> Result<()> {
        self.push(samples, Some(pts))
    }

    fn push(&mut self, samples: &[f32], pts: Option<i64>) -> Result<()> {
        let pushed = self.shared.handle(|raw| self.shared.push_audio(raw, samples, pts));
        pushed.unwrap_or_else(|| Err(Error::Cancelled("the exporter of this audio is gone".to_owned())))
    }
}

impl fmt::Debug for AudioInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AudioInput").finish_non_exhaustive()
    }
}

/// Stops and watches an [`Exporter`] from any thread, and from its closures. It does nothing when the exporter is gone.
#[derive(Clone)]
pub struct ExporterHandle {
    shared: Arc<Shared>,
}

impl ExporterHandle {
    /// Stops the export and gives it up: calls that wait, `finish` too, answer [`Error::Cancelled`] within about a second, and
    /// OUT.part is removed. Once `finish` has completed the file it does nothing.
    pub fn cancel(&self) {
        let outcome = self.shared.handle(|raw| {
            self.shared.closures.log.call_from_anywhere(|| {
                unsafe { sys::pixfer_exporter_cancel(raw) };
                sys::PIXFER_OK
            })
        });
        if let Some(outcome) = outcome {
            let _ = outcome.result();
        }
    }

    /// The line of the error that ended the export.
    pub fn error(&self) -> Option<String> {
        self.shared.handle(error_of).flatten()
    }

    /// How full the queue is; `None` when the exporter is gone.
    pub fn queue(&self) -> Option<Queue> {
        self.shared.handle(queue_of)
    }
}

impl fmt::Debug for ExporterHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExporterHandle").finish_non_exhaustive()
    }
}

// ---- Results ----

fn empty_stats() -> sys::pixfer_exporter_stats {
    sys::pixfer_exporter_stats { struct_size: size_of::<sys::pixfer_exporter_stats>(), ..Default::default() }
}

/// The text in a member of the library's that ends with a zero.
fn member(text: &[c_char]) -> String {
    let bytes: Vec<u8> = text.iter().map(|&byte| byte as u8).take_while(|&byte| byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Report {
    fn of(stats: &sys::pixfer_exporter_stats) -> Report {
        Report {
            frames: stats.frames,
            wall_s: stats.wall_s,
            fps: stats.fps,
            source_s: stats.source_s,
            convert_s: stats.convert_s,
            encode_s: stats.encode_s,
            mux_s: stats.mux_s,
            cpu_s: stats.cpu_s,
            peak_rss_bytes: Some(stats.peak_rss_bytes).filter(|&bytes| bytes != 0),
            backend: Backend::from_raw(stats.backend),
            backend_name: member(&stats.backend_name),
            isa: member(&stats.isa),
            exact: stats.exact != 0,
            fallback_reason: member(&stats.fallback_reason),
            converted: stats.converted,
            encoder: member(&stats.encoder),
            bytes: stats.bytes,
            part_kept: stats.part_kept != 0,
            part_frames: stats.part_frames,
            measured: member(&stats.measured),
            skipped: stats.skipped,
            refused: stats.refused,
        }
    }
}

// ---- Pull ----

/// A file, an image sequence or a pipe that is exported to its end: the whole of `pixfer export`. (Feature `exporter`.)
///
/// ```no_run
/// use pixfer::{ExporterBuilder, Input, Rate};
///
/// let report = Input::new("recording.mkv").export("out.mp4", ExporterBuilder::default().rate(Rate::Crf(18.0)))?;
/// println!("{} frames", report.frames);
/// # Ok::<(), pixfer::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an input is read by export"]
pub struct Input {
    name: std::path::PathBuf,
    audio: Option<std::path::PathBuf>,
    raw: Option<(Format, u32, u32)>,
    stride: usize,
    fps: Rational,
    loops: u64,
    first: u64,
    end: u64,
    no_audio: bool,
    color_given: bool,
    shortest: bool,
    retime: bool,
    stop_on_error: bool,
    max_pixels: u64,
    max_gap: f64,
}

impl Input {
    /// "-" for raw frames on standard input, a file with raw frames, a numbered sequence ("frames/%05d.png"), or anything that
    /// libavformat opens.
    pub fn new(name: impl AsRef<Path>) -> Input {
        Input {
            name: name.as_ref().to_owned(),
            audio: None,
            raw: None,
            stride: 0,
            fps: Rational { num: 0, den: 0 },
            loops: 0,
            first: 0,
            end: 0,
            no_audio: false,
            color_given: false,
            shortest: false,
            retime: false,
            stop_on_error: false,
            max_pixels: 0,
            max_gap: 0.0,
        }
    }

    /// The input is raw frames of this format and size.
    pub fn raw(mut self, format: Format, width: u32, height: u32) -> Self {
        self.raw = Some((format, width, height));
        self
    }

    /// Bytes from row to row of raw packed frames; rows without gaps by default.
    pub fn stride(mut self, bytes: usize) -> Self {
        self.stride = bytes;
        self
    }

    /// Frames follow at this rate. By default at the input's own times, or 30 where it has none.
    pub fn fps(mut self, fps: impl Into<Rational>) -> Self {
        self.fps = fps.into();
        self
    }

    /// How often the input plays.
    pub fn loops(mut self, times: u64) -> Self {
        self.loops = times;
        self
    }

    /// Of all frames only those from `first` up to but without `end`, counted from 0; an `end` of `None` is the last frame.
    pub fn frames(mut self, first: u64, end: Option<u64>) -> Self {
        (self.first, self.end) = (first, end.unwrap_or(0));
        self
    }

    /// A file whose audio is used instead of the input's own.
    pub fn audio(mut self, name: impl AsRef<Path>) -> Self {
        self.audio = Some(name.as_ref().to_owned());
        self
    }

    /// The export has no audio.
    pub fn no_audio(mut self, none: bool) -> Self {
        self.no_audio = none;
        self
    }

    /// The builder's color says what NV12 and I420 frames are, even if the file says otherwise.
    pub fn color_given(mut self, given: bool) -> Self {
        self.color_given = given;
        self
    }

    /// The export ends with the shorter of video and audio. By default a last frame is held to the audio's end.
    pub fn shortest(mut self, shortest: bool) -> Self {
        self.shortest = shortest;
        self
    }

    /// With [`fps`](Input::fps), the audio is sped up or slowed down with the frames.
    pub fn retime(mut self, retime: bool) -> Self {
        self.retime = retime;
        self
    }

    /// A packet that cannot be decoded ends the export. By default it is skipped, counted and reported.
    pub fn stop_on_error(mut self, stop: bool) -> Self {
        self.stop_on_error = stop;
        self
    }

    /// Frames of more pixels are refused before memory is got for them; 16384 × 16384 by default.
    pub fn max_pixels(mut self, pixels: u64) -> Self {
        self.max_pixels = pixels;
        self
    }

    /// Seconds; a longer hole in the input's times is closed to this length and reported; 10 by default.
    pub fn max_gap(mut self, seconds: f64) -> Self {
        self.max_gap = seconds;
        self
    }

    /// Exports it to its end. Format, size, rate, time base and audio of `params` are taken from the input.
    ///
    /// An input that ends inside a frame, or cannot be decoded further, ends the export with `Io` after finalising the frames
    /// before it.
    pub fn export(self, path: impl AsRef<Path>, params: ExporterBuilder) -> Result<Report, FinishError> {
        let mut stats = empty_stats();
        let result = self.run(path.as_ref(), params, &mut stats);
        let report = Report::of(&stats);
        match result {
            Ok(()) => Ok(report),
            Err(error) => Err(FinishError { error, report: Box::new(report) }),
        }
    }

    #[allow(clippy::needless_update)] // the structure grows
    fn run(
        &self,
        path: &Path,
        params: ExporterBuilder,
        stats: &mut sys::pixfer_exporter_stats,
    ) -> Result<()> {
        let path = c_path(path)?;
        let name = c_path(&self.name)?;
        let audio = self.audio.as_deref().map(c_path).transpose()?;
        let (format, width, height) = self
            .raw
            .map_or((sys::PIXFER_FORMAT_NONE, 0, 0), |(format, width, height)| (format.raw(), width, height));
        let input = sys::pixfer_input {
            struct_size: size_of::<sys::pixfer_input>(),
            name: name.as_ptr(),
            format,
            width,
            height,
            stride: self.stride,
            fps_num: self.fps.num,
            fps_den: self.fps.den,
            loop_: self.loops,
            first: self.first,
            end: self.end,
            audio: audio.as_ref().map_or(ptr::null(), |audio| audio.as_ptr()),
            no_audio: self.no_audio.into(),
            color_given: self.color_given.into(),
            shortest: self.shortest.into(),
            retime: self.retime.into(),
            stop_on_error: self.stop_on_error.into(),
            max_pixels: self.max_pixels,
            max_gap: self.max_gap,
            ..Default::default()
        };
        let parts = params.parts(None)?;
        let mut line: [c_char; 1024] = [0; 1024];
        let call = || unsafe {
            sys::pixfer_export(path.as_ptr(), &input, &parts.given.raw, stats, line.as_mut_ptr(), line.len())
        };
        let mut outcome = parts.closures.log.call(call);
        let line = member(&line);
        if !line.is_empty() {
            outcome.line = Some(line);
        }
        outcome.result()
    }
}

// ---- The machine ----

/// The H.264 encoders that are tried where none is named, in that order. (Feature `exporter`.)
pub fn encoder_names() -> Vec<&'static str> {
    unsafe { text::list(sys::pixfer_encoder_names()) }
}

/// Opens an encoder for a small frame and, if it is hardware, has it encode one; the error says why it does not work. (Feature
/// `exporter`.)
///
/// ```
/// for name in pixfer::encoder_names() {
///     match pixfer::encoder_works(name) {
///         Ok(()) => println!("{name}"),
///         Err(error) => println!("{error}"),
///     }
/// }
/// ```
pub fn encoder_works(name: &str) -> Result<()> {
    let name = text::c_string("encoder", name)?;
    let mut reason: [c_char; 512] = [0; 512];
    if unsafe { sys::pixfer_encoder_works(name.as_ptr(), reason.as_mut_ptr(), reason.len()) } == 1 {
        return Ok(());
    }
    Err(Error::Unavailable(member(&reason)))
}

/// The versions of the FFmpeg libraries in use, as "libavcodec 59.37.100, libavformat 59.27.100". (Feature `exporter`.)
pub fn libav_versions() -> &'static str {
    // A text of the library's that stays.
    unsafe { CStr::from_ptr(sys::pixfer_exporter_libav_versions()) }.to_str().unwrap_or_default()
}

/// Routes the messages of the FFmpeg libraries, which are one stream for the whole process, to a closure; `None` silences them.
/// (Feature `exporter`.)
///
/// With them an encoder that does not open is explained in its own words. The closure is called from any thread. It must not
/// route them elsewhere: that is refused.
pub fn route_libav_log(log: Option<LogClosure>) -> Result<()> {
    static ROUTE: Mutex<Option<Box<Log>>> = Mutex::new(None);
    let next = log.map(|closure| Log::new(Some(closure))).transpose()?;
    // A closure that is running on this thread holds no lock of this crate's, but may wait for one of the library's.
    let mut route = match ROUTE.try_lock() {
        Ok(route) => route,
        Err(TryLockError::Poisoned(route)) => route.into_inner(),
        Err(TryLockError::WouldBlock) => {
            return invalid("messages are being routed by another thread, expected one at a time".to_owned())
        }
    };
    if route.as_ref().map_or(false, |log| log.is_inside()) {
        return invalid(
            "called from the closure that receives the messages, expected a call from outside".to_owned(),
        );
    }
    let (callback, opaque): (sys::pixfer_log_callback, _) = match &next {
        Some(log) => (Some(log_line), log.opaque()),
        None => (None, ptr::null_mut()),
    };
    unsafe { sys::pixfer_exporter_route_libav_log(callback, opaque) };
    // The one before is not used any more when that has returned.
    *route = next;
    Ok(())
}
