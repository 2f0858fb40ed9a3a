// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![deny(unsafe_op_in_unsafe_fn)]

use pixfer_sys as sys;

mod backend;
mod call;
mod color;
mod converter;
mod error;
#[cfg(feature = "exporter")]
mod exporter;
mod format;
mod image;
mod layout;
mod text;

pub use backend::{Backend, BackendInfo};
pub use call::{Level, LogClosure};
pub use color::{Color, Matrix, Range, Siting};
pub use converter::{Converter, ConverterBuilder, ConverterInfo};
pub use error::{Error, Result};
#[cfg(feature = "exporter")]
pub use exporter::{
    encoder_names, encoder_works, libav_versions, route_libav_log, AudioInput, Codec, Exporter,
    ExporterBuilder, ExporterHandle, FinishError, Input, Progress, ProgressAction, Queue, Rate, Rational,
    Report,
};
pub use format::Format;
pub use image::{Frame, Image, ImageMut, Plane, PlaneLayout, PlaneMut, RowsMut};

/// One call: RGBA bytes to NV12 planes, BT.709, limited range, left siting, on the calling thread.
///
/// Width and height of any parity; the chroma plane has (width + 1) / 2 pairs by (height + 1) / 2 rows. Strides are in bytes. For
/// more than a frame now and then open a [`Converter`]: it checks and chooses once.
///
/// ```
/// let (width, height) = (1920, 1080);
/// let rgba = vec![255; width * height * 4];
/// let mut y = vec![0; width * height];
/// let mut uv = vec![0; width * height / 2];
/// pixfer::rgba_to_nv12(&rgba, width * 4, 1920, 1080, &mut y, width, &mut uv, width)?;
/// assert_eq!((y[0], uv[0], uv[1]), (235, 128, 128));
/// # Ok::<(), pixfer::Error>(())
/// ```
#[allow(clippy::too_many_arguments)]
pub fn rgba_to_nv12(
    rgba: &[u8],
    rgba_stride: usize,
    width: u32,
    height: u32,
    y: &mut [u8],
    y_stride: usize,
    uv: &mut [u8],
    uv_stride: usize,
) -> Result<()> {
    let what = |name: &str, error: Error| match error {
        Error::Invalid(text) => Error::Invalid(format!("{name}: {text}")),
        error => error,
    };
    let src = Image::with_stride(Format::Rgba, width, height, rgba, rgba_stride)
        .map_err(|error| what("source", error))?;
    let planes = [PlaneMut::new(y, y_stride), PlaneMut::new(uv, uv_stride)];
    let dst = ImageMut::from_planes(Format::Nv12, width, height, planes)
        .map_err(|error| what("destination", error))?;
    let ([rgba, ..], [y, uv, ..]) = (src.raw.plane, dst.raw.plane);
    let ([rgba_stride, ..], [y_stride, uv_stride, ..]) = (src.raw.stride, dst.raw.stride);
    // What lies in the slices was checked just now.
    match unsafe { sys::pixfer_rgba_to_nv12(rgba, rgba_stride, width, height, y, y_stride, uv, uv_stride) } {
        sys::PIXFER_OK => Ok(()),
        code => Err(Error::from_code(code, format!("rgba_to_nv12 of {width}x{height}"))),
    }
}

/// The instruction sets that a converter can be pinned to on this machine, best first; the last is "c".
///
/// ```
/// assert_eq!(pixfer::cpu_names().last(), Some(&"c"));
/// ```
pub fn cpu_names() -> Vec<&'static str> {
    unsafe { text::list(sys::pixfer_cpu_names()) }
}

/// The version of the library that runs, as "0.2.0".
pub fn version() -> &'static str {
    unsafe { text::lasting(sys::pixfer_version()) }.unwrap_or_default()
}
