// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Exports of what lies in files.

use std::mem::size_of;
use std::os::raw::c_char;
use std::path::Path;
use std::ptr;

use pixfer_sys as sys;

use super::builder::{c_path, ExporterBuilder, Rational};
use super::report::{empty_stats, member, FinishError, Report};
use crate::error::Result;
use crate::format::Format;

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
