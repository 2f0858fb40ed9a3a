// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What the safe crate adds to the C library: the same conversions through both, in one process, by turns. Usage:
//! `cargo bench --bench overhead`
//!
//! `C` is the library's function called with ready structures, as a C program does; `Converter::convert` is given ready views;
//! `with views` makes and checks both views for each frame, too. The last two are medians of the rounds' ratios to the C calls of the
//! same round, so that other work of the machine slows both; on Linux the time is the thread's own on the processor, not the clock's.

use std::mem::size_of;
use std::ptr;

use pixfer::{Converter, Format, Image, ImageMut};
use pixfer_sys as sys;

const ROUNDS: usize = 501;

/// Seconds that this thread has had a processor for.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
fn now() -> f64 {
    extern "C" {
        fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32;
    }
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    let mut time = [0; 2];
    assert_eq!(unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) }, 0);
    time[0] as f64 + time[1] as f64 * 1e-9
}

/// Seconds of the clock.
#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
fn now() -> f64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

fn main() {
    println!("RGBA to NV12, 1 thread, medians of {ROUNDS} rounds");
    println!();
    println!("| frame | C | `Converter::convert` | with views |");
    println!("|---|---:|---:|---:|");
    for (width, height) in [(3840, 2160), (1920, 1080), (640, 360), (64, 64), (16, 16)] {
        measure(width, height);
    }
}

fn time(calls: u32, mut call: impl FnMut()) -> f64 {
    let start = now();
    for _ in 0..calls {
        call();
    }
    (now() - start) / f64::from(calls)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The converter of a C program.
struct Plain(*mut sys::pixfer_converter);

impl Plain {
    fn open(width: u32, height: u32) -> Plain {
        let params = sys::pixfer_converter_params {
            struct_size: size_of::<sys::pixfer_converter_params>(),
            src_format: sys::PIXFER_FORMAT_RGBA,
            dst_format: sys::PIXFER_FORMAT_NV12,
            width,
            height,
            threads: 1,
            ..Default::default()
        };
        let mut raw = ptr::null_mut();
        assert_eq!(unsafe { sys::pixfer_converter_open(&mut raw, &params) }, sys::PIXFER_OK);
        Plain(raw)
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        unsafe { sys::pixfer_converter_close(&mut self.0) };
    }
}

fn measure(width: u32, height: u32) {
    let size = |format: Format| format.frame_size(width, height).unwrap();
    let rgba: Vec<u8> = (0..size(Format::Rgba)).map(|i| (i.wrapping_mul(7919) >> 5) as u8).collect();
    let mut nv12 = vec![0; size(Format::Nv12)];
    let plain = Plain::open(width, height);
    let converter = Converter::builder(Format::Rgba, Format::Nv12, width, height).threads(1).open().unwrap();

    // Calls of the library are opaque to the compiler: nothing is hoisted out of these loops.
    let by_c = |calls, nv12: &mut [u8]| {
        let (mut src, mut dst) = (sys::pixfer_image::default(), sys::pixfer_image::default());
        let rgba = rgba.as_ptr() as *mut u8;
        unsafe {
            sys::pixfer_image_layout(&mut src, sys::PIXFER_FORMAT_RGBA, width, height, rgba, 1);
            sys::pixfer_image_layout(&mut dst, sys::PIXFER_FORMAT_NV12, width, height, nv12.as_mut_ptr(), 1);
            time(calls, || {
                let result = sys::pixfer_convert(plain.0, &src, &dst);
                assert_eq!(result, sys::PIXFER_OK);
            })
        }
    };
    let ready = |calls, nv12: &mut [u8]| {
        let src = Image::new(Format::Rgba, width, height, &rgba).unwrap();
        let mut dst = ImageMut::new(Format::Nv12, width, height, nv12).unwrap();
        time(calls, || converter.convert(&src, &mut dst).unwrap())
    };
    let with_views = |calls, nv12: &mut [u8]| {
        time(calls, || {
            let src = Image::new(Format::Rgba, width, height, &rgba).unwrap();
            let mut dst = ImageMut::new(Format::Nv12, width, height, nv12).unwrap();
            converter.convert(&src, &mut dst).unwrap();
        })
    };

    let calls = (0.0005 / by_c(3, &mut nv12)).clamp(1.0, 20_000.0) as u32;
    let (mut c, mut ready_ratio, mut views_ratio) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Who comes first changes, as a cache may be warmer for the second.
        let (first, second, third);
        if round % 2 == 0 {
            first = by_c(calls, &mut nv12);
            second = ready(calls, &mut nv12);
            third = with_views(calls, &mut nv12);
        } else {
            third = with_views(calls, &mut nv12);
            second = ready(calls, &mut nv12);
            first = by_c(calls, &mut nv12);
        }
        c.push(first);
        ready_ratio.push(second / first);
        views_ratio.push(third / first);
    }
    println!(
        "| {width} × {height} | {:.3} µs | {:.3} | {:.3} |",
        median(c) * 1e6,
        median(ready_ratio),
        median(views_ratio)
    );
}
