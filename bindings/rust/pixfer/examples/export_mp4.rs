// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Two seconds of a moving gradient, with a tone beside it, as an MP4. Usage:
//! `cargo run --features exporter --example export_mp4 [OUT.mp4]`

use std::env;
use std::error::Error;
use std::f32::consts::TAU;

use pixfer::{Exporter, Format, Frame};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 360;
const FPS: u32 = 60;
const RATE: u32 = 48_000;

fn render(frame: &mut Frame, number: usize) {
    let width = frame.width() as usize;
    for (i, pixel) in frame.as_bytes_mut().chunks_exact_mut(4).enumerate() {
        let (x, y) = (i % width, i / width);
        pixel.copy_from_slice(&[(x + 2 * number) as u8, (y + number) as u8, (255 - x / 3) as u8, 255]);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).unwrap_or_else(|| "out.mp4".into());
    let mut exporter = Exporter::builder(Format::Rgba, WIDTH, HEIGHT, FPS)
        .audio(RATE, 2)
        .metadata("title", "A gradient")
        .overwrite(true)
        .create(&path)?;
    let mut frame = Frame::new(Format::Rgba, WIDTH, HEIGHT)?;
    let mut samples = 0..;
    for number in 0..2 * FPS as usize {
        render(&mut frame, number);
        exporter.push(&frame.as_image(), number as i64)?;
        let tone: Vec<f32> = samples
            .by_ref()
            .take((RATE / FPS) as usize)
            .map(|sample: u32| 0.1 * (TAU * 440.0 * sample as f32 / RATE as f32).sin())
            .flat_map(|value| [value, value])
            .collect();
        exporter.push_audio(&tone)?;
    }
    let report = exporter.finish()?;
    println!(
        "{}: {} frames, {} bytes, {}",
        path.to_string_lossy(),
        report.frames,
        report.bytes,
        report.encoder
    );
    Ok(())
}
