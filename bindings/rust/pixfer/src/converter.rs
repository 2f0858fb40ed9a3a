// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::ffi::CString;
use std::fmt;
use std::mem::size_of;
use std::ptr;

use pixfer_sys as sys;

use crate::backend::Backend;
use crate::call::{log_line, Level, Log, LogClosure};
use crate::color::{Color, Matrix, Range, Siting};
use crate::error::{invalid, Result};
use crate::format::Format;
use crate::image::{Image, ImageMut, RowsMut};
use crate::text;

/// Converts frames of one size from one format to another.
///
/// Opening it checks everything that can be checked once, chooses the kernels and starts the worker threads; converting with
/// them allocates nothing. Every sample it writes is the real-number result of Rec. ITU-T H.273 rounded once: the same with every
/// instruction set and number of threads.
///
/// ```
/// use pixfer::{Converter, Format, Image, ImageMut};
///
/// let converter = Converter::new(Format::Rgba, Format::Nv12, 1920, 1080)?;
/// let rgba = vec![128; 1920 * 1080 * 4];
/// let mut nv12 = vec![0; 1920 * 1080 * 3 / 2];
/// converter.convert(
///     &Image::new(Format::Rgba, 1920, 1080, &rgba)?,
///     &mut ImageMut::new(Format::Nv12, 1920, 1080, &mut nv12)?,
/// )?;
/// # Ok::<(), pixfer::Error>(())
/// ```
///
/// Sources are RGBA, BGRA, ARGB, ABGR, RGB24, BGR24 and GBRP, for every other format; YUYV and UYVY, for the four of 4:2:0
/// with 8 bits.
///
/// A converter may be used by several threads at once (`Send` and `Sync`). [`convert_rows`](Converter::convert_rows) is made for
/// that: threads of the program's own convert slices of one frame with no lock between them. [`convert`](Converter::convert)
/// and [`convert_batch`](Converter::convert_batch) use the converter's own workers; when two threads call them at once, one gets
/// the workers and the other does its work itself.
pub struct Converter {
    raw: *mut sys::pixfer_converter,
    log: Box<Log>,
    /// Parameters that the library may look at again.
    _cpu: Option<CString>,
}

// "A converter may be used by several threads at once", and is closed by any one when no other uses it: convert.h.
unsafe impl Send for Converter {}
unsafe impl Sync for Converter {}

/// Parameters of a [`Converter`]; what is not set has a sensible default.
///
/// ```
/// use pixfer::{Backend, Converter, Format, Matrix, Range, Siting};
///
/// let converter = Converter::builder(Format::Bgra, Format::P010, 3840, 2160)
///     .matrix(Matrix::Bt2020Ncl)
///     .range(Range::Limited)
///     .siting(Siting::TopLeft)
///     .backend(Backend::Cpu)
///     .threads(2)
///     .log(|level, line| eprintln!("{level}: {line}"))
///     .open()?;
/// assert_eq!(converter.info().threads, 2);
/// # Ok::<(), pixfer::Error>(())
/// ```
#[must_use = "a builder makes nothing until it is opened"]
pub struct ConverterBuilder {
    src_format: Format,
    dst_format: Format,
    width: u32,
    height: u32,
    color: Color,
    backend: Backend,
    threads: u32,
    cpu: Option<String>,
    rows_read_later: bool,
    unchecked: bool,
    background: Option<u32>,
    log: Option<LogClosure>,
}

impl ConverterBuilder {
    /// Matrix, range and siting at once. The default is BT.709, limited, left.
    pub fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }

    /// The matrix; BT.709 by default.
    pub fn matrix(mut self, matrix: Matrix) -> Self {
        self.color.matrix = matrix;
        self
    }

    /// The range; limited by default.
    pub fn range(mut self, range: Range) -> Self {
        self.color.range = range;
        self
    }

    /// Where chroma lies; left by default.
    pub fn siting(mut self, siting: Siting) -> Self {
        self.color.siting = siting;
        self
    }

    /// What does the work. By default the best that fits, or what `PIXFER_BACKEND` in the environment names.
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// How many threads convert one frame, 256 at most: 1 is the caller's only; 0, the default, chooses, or takes
    /// `PIXFER_THREADS` from the environment.
    pub fn threads(mut self, threads: u32) -> Self {
        self.threads = threads;
        self
    }

    /// Pins the instruction set: one of [`cpu_names`](crate::cpu_names). By default the best, or `PIXFER_CPU` from the environment.
    pub fn cpu(mut self, name: impl Into<String>) -> Self {
        self.cpu = Some(name.into());
        self
    }

    /// What [`convert_rows`](Converter::convert_rows) writes is read much later, as a queued frame is: large frames are then
    /// written past the cache by it, too.
    pub fn rows_read_later(mut self, later: bool) -> Self {
        self.rows_read_later = later;
        self
    }

    /// Whether the frames of a backend without exactness are believed. By default some blocks of each are compared with the exact
    /// result, and a backend that fails is given up for that very frame.
    pub fn unchecked(mut self, unchecked: bool) -> Self {
        self.unchecked = unchecked;
        self
    }

    /// Composes straight alpha over a colour, 0xRRGGBB, in the components as they are encoded; on the CPU. By default alpha is dropped.
    pub fn background(mut self, rgb: u32) -> Self {
        self.background = Some(rgb);
        self
    }

    /// Receives the library's lines, from any thread that converts and from its workers. It must not use this converter.
    ///
    /// Without one, lines go where `PIXFER_LOG` in the environment says: `error`, `warning`, `info` or `debug` writes those up to that
    /// level to stderr. The text of an [`Error`](crate::Error) needs neither. A panic in it goes on when the call in which it
    /// happened has ended; in a thread of the library's it is dropped.
    pub fn log(mut self, log: impl Fn(Level, &str) + Send + Sync + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// Opens the converter.
    ///
    /// Errors: `Invalid`, `Unsupported` (this pair of formats, or the siting on this backend), `NoMemory`, `Unavailable` (the
    /// backend or instruction set that was asked for).
    #[allow(clippy::needless_update)] // the structure grows
    pub fn open(self) -> Result<Converter> {
        let log = Log::new(self.log)?;
        let cpu = self.cpu.map(|cpu| text::c_string("cpu", cpu)).transpose()?;
        let params = sys::pixfer_converter_params {
            struct_size: size_of::<sys::pixfer_converter_params>(),
            src_format: self.src_format.raw(),
            dst_format: self.dst_format.raw(),
            width: self.width,
            height: self.height,
            color: self.color.raw(),
            backend: self.backend.raw(),
            threads: self.threads,
            cpu: cpu.as_ref().map_or(ptr::null(), |cpu| cpu.as_ptr()),
            log: Some(log_line),
            log_opaque: log.opaque(),
            rows_read_later: self.rows_read_later.into(),
            unchecked: self.unchecked.into(),
            alpha: self.background.map_or(sys::PIXFER_ALPHA_DROP, |_| sys::PIXFER_ALPHA_COMPOSE),
            background: self.background.unwrap_or(0),
            ..Default::default()
        };
        let mut converter = Converter { raw: ptr::null_mut(), log, _cpu: cpu };
        let raw = &mut converter.raw;
        converter.log.call(|| unsafe { sys::pixfer_converter_open(raw, &params) }).result()?;
        Ok(converter)
    }
}

impl fmt::Debug for ConverterBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConverterBuilder")
            .field("src_format", &self.src_format)
            .field("dst_format", &self.dst_format)
            .field("width", &self.width)
            .field("height", &self.height)
            .field("color", &self.color)
            .field("backend", &self.backend)
            .field("threads", &self.threads)
            .field("cpu", &self.cpu)
            .finish_non_exhaustive()
    }
}

/// What a converter is and has done.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ConverterInfo {
    /// The backend in charge now.
    pub backend: Backend,
    /// Its name: "cpu", "videotoolbox", ...
    pub backend_name: String,
    /// "avx512", "avx2", "neon", "c", or "" where the backend has none.
    pub isa: String,
    /// Every sample is the correctly rounded value.
    pub exact: bool,
    /// Why a preferred backend was not used or was given up.
    pub fallback_reason: Option<String>,
    /// Conversions done; for rows, ranges that ended a frame.
    pub frames: u64,
    /// How many convert one frame.
    pub threads: u32,
    /// [`Converter::convert_rows`] is done by the backend in charge.
    pub takes_rows: bool,
    /// Seconds spent in a hardware backend's transfers; 0 for the others.
    pub wall_s: f64,
    /// CPU time of the calling threads meanwhile, in seconds.
    pub cpu_s: f64,
    /// CPU time of the whole process meanwhile, in seconds.
    pub process_cpu_s: f64,
    /// What was measured of the transfers: "cpu-bound", "offloaded" or "unknown"; "" for backends that are not measured.
    pub acceleration: String,
}

impl Converter {
    /// A converter to BT.709, limited range, left siting, with as many threads as the size is worth.
    pub fn new(src_format: Format, dst_format: Format, width: u32, height: u32) -> Result<Converter> {
        Converter::builder(src_format, dst_format, width, height).open()
    }

    /// A converter of other colours, threads or backends. Sizes of any parity, 1 to 2^24.
    pub fn builder(src_format: Format, dst_format: Format, width: u32, height: u32) -> ConverterBuilder {
        ConverterBuilder {
            src_format,
            dst_format,
            width,
            height,
            color: Color::default(),
            backend: Backend::Auto,
            threads: 0,
            cpu: None,
            rows_read_later: false,
            unchecked: false,
            background: None,
            log: None,
        }
    }

    /// Converts one frame.
    ///
    /// Everything is checked before a byte is written: formats and sizes are the converter's, and no byte of a destination plane
    /// belongs to another plane. Bytes between rows stay as they are.
    pub fn convert(&self, src: &Image<'_>, dst: &mut ImageMut<'_>) -> Result<()> {
        self.log.call(|| unsafe { sys::pixfer_convert(self.raw, &src.raw, &dst.raw) }).result()
    }

    /// Converts some rows of a frame on the calling thread: the luma rows of that range, and the chroma rows made from them.
    ///
    /// ```
    /// use pixfer::{Converter, Format, Frame};
    /// use std::thread;
    ///
    /// let converter = Converter::builder(Format::Rgba, Format::Nv12, 640, 480).threads(1).open()?;
    /// let rgba = Frame::new(Format::Rgba, 640, 480)?;
    /// let mut nv12 = Frame::new(Format::Nv12, 640, 480)?;
    ///
    /// let mut dst = nv12.as_image_mut();
    /// thread::scope(|scope| {
    ///     for mut rows in dst.split_rows(120)? {
    ///         let (converter, rgba) = (&converter, &rgba);
    ///         scope.spawn(move || converter.convert_rows(&rgba.as_image(), &mut rows).unwrap());
    ///     }
    ///     Ok::<(), pixfer::Error>(())
    /// })?;
    /// assert!(nv12.plane(0).iter().all(|&y| y == 16));
    /// # Ok::<(), pixfer::Error>(())
    /// ```
    ///
    /// Backends that only take whole frames leave this to the CPU, or answer `Unsupported` when they were asked for by name.
    pub fn convert_rows(&self, src: &Image<'_>, dst: &mut RowsMut<'_>) -> Result<()> {
        let call = || unsafe { sys::pixfer_convert_rows(self.raw, &src.raw, &dst.raw, dst.first, dst.count) };
        self.log.call(call).result()
    }

    /// Converts as many frames as there are, whole frames in parallel on the converter's threads: more throughput than slices of
    /// one. Everything is checked before a byte is written. On failure the destinations are undefined.
    ///
    /// ```
    /// use pixfer::{Converter, Format, Frame, Image, ImageMut};
    ///
    /// let converter = Converter::new(Format::Rgba, Format::Nv12, 320, 240)?;
    /// let rgba: Vec<Frame> = (0..8).map(|_| Frame::new(Format::Rgba, 320, 240)).collect::<Result<_, _>>()?;
    /// let mut nv12: Vec<Frame> = (0..8).map(|_| Frame::new(Format::Nv12, 320, 240)).collect::<Result<_, _>>()?;
    ///
    /// let src: Vec<Image> = rgba.iter().map(Frame::as_image).collect();
    /// let mut dst: Vec<ImageMut> = nv12.iter_mut().map(Frame::as_image_mut).collect();
    /// converter.convert_batch(&src, &mut dst)?;
    /// # Ok::<(), pixfer::Error>(())
    /// ```
    pub fn convert_batch(&self, src: &[Image<'_>], dst: &mut [ImageMut<'_>]) -> Result<()> {
        if src.len() != dst.len() {
            return invalid(format!(
                "{} sources and {} destinations, expected as many",
                src.len(),
                dst.len()
            ));
        }
        // Both are transparent wrappers of the library's images.
        let call = || unsafe {
            sys::pixfer_convert_batch(self.raw, src.as_ptr().cast(), dst.as_ptr().cast(), src.len())
        };
        self.log.call(call).result()
    }

    /// What it is and has done so far.
    pub fn info(&self) -> ConverterInfo {
        let mut raw = sys::pixfer_converter_info {
            struct_size: size_of::<sys::pixfer_converter_info>(),
            ..Default::default()
        };
        // Its strings live as long as the converter.
        unsafe {
            sys::pixfer_converter_get_info(self.raw, &mut raw);
            ConverterInfo {
                backend: Backend::from_raw(raw.backend),
                backend_name: text::copied(raw.backend_name).unwrap_or_default(),
                isa: text::copied(raw.isa).unwrap_or_default(),
                exact: raw.exact != 0,
                fallback_reason: text::copied(raw.fallback_reason),
                frames: raw.frames,
                threads: raw.threads,
                takes_rows: raw.takes_rows != 0,
                wall_s: raw.wall_s,
                cpu_s: raw.cpu_s,
                process_cpu_s: raw.process_cpu_s,
                acceleration: text::copied(raw.acceleration).unwrap_or_default(),
            }
        }
    }
}

impl Drop for Converter {
    fn drop(&mut self) {
        let raw = &mut self.raw;
        let close = || {
            unsafe { sys::pixfer_converter_close(raw) };
            sys::PIXFER_OK
        };
        self.log.call(close).ignore();
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Converter").field("info", &self.info()).finish_non_exhaustive()
    }
}
