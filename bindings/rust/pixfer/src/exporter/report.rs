// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What an export did, and how far it is.

use std::error;
use std::fmt;
use std::mem::size_of;
use std::os::raw::c_char;

use pixfer_sys as sys;

use crate::backend::Backend;
use crate::error::Error;

/// How full the queue before the encoder is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Queue {
    /// Frames converted and waiting for the encoder.
    pub frames: u32,
    /// At this number [`Exporter::push`](crate::Exporter::push) waits.
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

pub(super) fn empty_stats() -> sys::pixfer_exporter_stats {
    sys::pixfer_exporter_stats { struct_size: size_of::<sys::pixfer_exporter_stats>(), ..Default::default() }
}

/// The text in a member of the library's that ends with a zero.
pub(super) fn member(text: &[c_char]) -> String {
    let bytes: Vec<u8> = text.iter().map(|&byte| byte as u8).take_while(|&byte| byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Report {
    pub(super) fn of(stats: &sys::pixfer_exporter_stats) -> Report {
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
