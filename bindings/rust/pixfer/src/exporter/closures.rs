// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What the library calls while an export is at work.

use std::io::Write;
use std::mem::size_of;
use std::os::raw::{c_int, c_void};
use std::ptr;
use std::slice;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pixfer_sys as sys;

use crate::call::Log;
use crate::text;

/// What a progress closure wants done next. The strongest answer so far counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProgressAction {
    /// Go on.
    #[default]
    Continue,
    /// Take no more frames and complete the file; the result is [`Error::Cancelled`](crate::Error::Cancelled).
    Finish,
    /// Stop at once and leave OUT.part as it is; the result is [`Error::Cancelled`](crate::Error::Cancelled).
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

pub(super) type ProgressClosure = Box<dyn FnMut(&Progress) -> ProgressAction + Send>;

pub(super) struct ProgressHandler {
    pub(super) log: *const Log,
    pub(super) closure: Mutex<ProgressClosure>,
}

pub(super) struct WriteHandler {
    pub(super) log: *const Log,
    pub(super) writer: Mutex<Box<dyn Write + Send>>,
}

/// The closures of an export, at addresses that stay.
pub(super) struct Closures {
    pub(super) log: Box<Log>,
    pub(super) _progress: Option<Box<ProgressHandler>>,
    pub(super) write: Option<Box<WriteHandler>>,
}

// The pointers between them are to what each closure may be called with from any thread: a `Log` is Sync.
unsafe impl Send for Closures {}
unsafe impl Sync for Closures {}

/// A closure that panicked has not left half of anything of this crate's behind.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) unsafe extern "C" fn progress(
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

pub(super) unsafe extern "C" fn write(opaque: *mut c_void, bytes: *const u8, size: usize) -> c_int {
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
