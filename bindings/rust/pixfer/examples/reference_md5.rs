// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Writes the NV12 of the reference frame of doc/bindings.md to standard output, or with an argument to a file:
//!
//!     cargo run --example reference_md5 | md5sum

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};

use pixfer::{Converter, Format, Frame};

const WIDTH: u32 = 256;
const HEIGHT: u32 = 144;

fn main() -> Result<(), Box<dyn Error>> {
    let mut rgba = Frame::new(Format::Rgba, WIDTH, HEIGHT)?;
    for (i, pixel) in rgba.as_bytes_mut().chunks_exact_mut(4).enumerate() {
        let (x, y) = (i % WIDTH as usize, i / WIDTH as usize);
        pixel.copy_from_slice(&[x as u8, (7 * y) as u8, (x * y) as u8, 255]);
    }
    let mut nv12 = Frame::new(Format::Nv12, WIDTH, HEIGHT)?;
    let converter = Converter::new(Format::Rgba, Format::Nv12, WIDTH, HEIGHT)?;
    converter.convert(&rgba.as_image(), &mut nv12.as_image_mut())?;
    match env::args_os().nth(1) {
        Some(path) => fs::write(path, nv12.as_bytes())?,
        None => io::stdout().write_all(nv12.as_bytes())?,
    }
    Ok(())
}
