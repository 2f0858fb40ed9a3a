// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::ffi::CString;
use std::fmt;
use std::mem::size_of;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};

use pixfer_sys as sys;

use crate::call::Outcome;
use crate::error::{invalid, Error, Result};
use crate::format::Format;
use crate::image::Image;
use crate::text;

mod builder;
mod closures;
mod input;
mod machine;
mod report;

pub use builder::{Codec, ExporterBuilder, Rate, Rational};
pub use closures::{Progress, ProgressAction};
pub use input::Input;
pub use machine::{encoder_names, encoder_works, libav_versions, route_libav_log};
pub use report::{FinishError, Queue, Report};

use builder::Parts;
use closures::{lock, Closures};
use report::empty_stats;

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

/// Frames in, an H.264, HEVC or AV1 MP4 out, at the encoder's own speed. (Feature `exporter`.)
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
    fn open(path: Option<&CString>, parts: Parts, channels: u32) -> Result<Exporter> {
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

    /// An export of frames of a format (an RGB format, YUYV or UYVY, which are converted, or NV12 or I420, with 10 bits P010 or I010, which
    /// pass through) and
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
