// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What a recorder that is written with ffmpeg-next changes: the lines between `before` and `after`. Usage:
//! `replace_swscale [WIDTH HEIGHT]`
//!
//! Before, libswscale made the frame that the encoder reads:
//!
//! ```ignore
//! use ffmpeg_next::{format::Pixel, software::scaling::{Context, Flags}, util::frame::Video};
//!
//! let mut scaler = Context::get(Pixel::RGBA, width, height, Pixel::NV12, width, height, Flags::BILINEAR)?;
//! loop {
//!     scaler.run(&rgba, &mut nv12)?;
//!     encoder.send_frame(&nv12)?;
//! }
//! ```
//!
//! Left alone, libswscale computes BT.601 with chroma in the centre, which an encoder that is told nothing tags as neither. pixfer
//! computes BT.709 with chroma at the left by default, what players assume of HD video; `Converter::builder(...)
//! .matrix(Matrix::Bt601).siting(Siting::Center)` keeps the colours as they were.

use std::error::Error;
use std::time::Instant;

// A program has `use ffmpeg_next::util::frame::Video;` here.
use video::Video;

// ---- after ----
use pixfer::{Converter, Format, Image, ImageMut, PlaneMut};

fn convert(converter: &Converter, rgba: &Video, nv12: &mut Video) -> pixfer::Result<()> {
    let (width, height) = (rgba.width(), rgba.height());
    let src = Image::with_stride(Format::Rgba, width, height, rgba.data(0), rgba.stride(0))?;
    let strides = [nv12.stride(0), nv12.stride(1)];
    let y: *mut [u8] = nv12.data_mut(0);
    let uv = PlaneMut::new(nv12.data_mut(1), strides[1]);
    // `data_mut` borrows the whole frame for one plane, but planes share no byte.
    let y = PlaneMut::new(unsafe { &mut *y }, strides[0]);
    converter.convert(&src, &mut ImageMut::from_planes(Format::Nv12, width, height, [y, uv])?)
}
// ---- and in the loop: convert(&converter, &rgba, &mut nv12)?; ----

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<u32> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let (width, height) = match arguments[..] {
        [] => (1920, 1080),
        [width, height] => (width, height),
        _ => return Err("usage: replace_swscale [WIDTH HEIGHT]".into()),
    };
    let mut rgba = Video::new(Format::Rgba, width, height);
    let mut nv12 = Video::new(Format::Nv12, width, height);
    let converter = Converter::new(Format::Rgba, Format::Nv12, width, height)?;
    let frames = 30;
    let start = Instant::now();
    for frame in 0..frames {
        rgba.data_mut(0).fill(8 * frame); // render
        convert(&converter, &rgba, &mut nv12)?;
        // encoder.send_frame(&nv12)?;
    }
    println!(
        "{width}x{height}: {:.2} ms a frame, Y {}",
        start.elapsed().as_secs_f64() * 1000.0 / f64::from(frames),
        nv12.data(0)[0]
    );
    Ok(())
}

/// Frames as ffmpeg-next has them: planes of their own, strides that are multiples of 64.
mod video {
    use pixfer::Format;

    pub struct Video {
        width: u32,
        height: u32,
        planes: Vec<(Vec<u8>, usize)>,
    }

    impl Video {
        pub fn new(format: Format, width: u32, height: u32) -> Video {
            let planes = (0..format.planes())
                .map(|plane| {
                    let (row_bytes, rows) = format.plane_size(width, height, plane);
                    let stride = (row_bytes + 63) & !63;
                    (vec![0; stride * rows], stride)
                })
                .collect();
            Video { width, height, planes }
        }

        pub fn width(&self) -> u32 {
            self.width
        }

        pub fn height(&self) -> u32 {
            self.height
        }

        pub fn stride(&self, plane: usize) -> usize {
            self.planes[plane].1
        }

        pub fn data(&self, plane: usize) -> &[u8] {
            &self.planes[plane].0
        }

        pub fn data_mut(&mut self, plane: usize) -> &mut [u8] {
            &mut self.planes[plane].0
        }
    }
}
