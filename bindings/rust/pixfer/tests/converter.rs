// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What the converter makes through the crate, against the C functions called directly and, for a few samples, against values
//! computed from Rec. ITU-T H.273 here.

use std::mem::size_of;
use std::ptr;
use std::sync::{Arc, Mutex};
use std::thread;

use pixfer::*;
use pixfer_sys as sys;

fn noise(bytes: &mut [u8]) {
    let mut state = 0x2545_f491_u32;
    for byte in bytes {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        *byte = (state >> 9) as u8;
    }
}

fn noisy(format: Format, width: u32, height: u32) -> Frame {
    let mut frame = Frame::new(format, width, height).unwrap();
    noise(frame.as_bytes_mut());
    frame
}

/// The conversion by C's functions alone.
fn by_c(src: &Frame, to: Format, color: Color) -> Vec<u8> {
    let (width, height) = (src.width(), src.height());
    let raw_format =
        |format: Format| unsafe { sys::pixfer_format_from_name(format!("{format}\0").as_ptr().cast()) };
    let params = sys::pixfer_converter_params {
        struct_size: size_of::<sys::pixfer_converter_params>(),
        src_format: raw_format(src.format()),
        dst_format: raw_format(to),
        width,
        height,
        color: sys::pixfer_color {
            matrix: match color.matrix {
                Matrix::Bt601 => 6,
                Matrix::Smpte240m => 7,
                Matrix::Bt2020Ncl => 9,
                _ => 1,
            },
            range: u32::from(color.range == Range::Full),
            siting: match color.siting {
                Siting::Center => 1,
                Siting::TopLeft => 2,
                _ => 0,
            },
        },
        threads: 1,
        ..Default::default()
    };
    let mut bytes = vec![0; to.frame_size(width, height).unwrap() + 8];
    let (mut raw, mut from, mut into) = (ptr::null_mut(), Default::default(), Default::default());
    let base = src.as_bytes().as_ptr() as *mut u8;
    unsafe {
        sys::pixfer_image_layout(&mut from, raw_format(src.format()), width, height, base, 1);
        sys::pixfer_image_layout(&mut into, raw_format(to), width, height, bytes.as_mut_ptr(), 1);
        assert_eq!(sys::pixfer_converter_open(&mut raw, &params), sys::PIXFER_OK);
        assert_eq!(sys::pixfer_convert(raw, &from, &into), sys::PIXFER_OK);
        sys::pixfer_converter_close(&mut raw);
    }
    bytes.truncate(bytes.len() - 8);
    bytes
}

const RGB: [Format; 15] = [
    Format::Rgba,
    Format::Bgra,
    Format::Argb,
    Format::Abgr,
    Format::Rgb24,
    Format::Bgr24,
    Format::Gbrp,
    Format::Rgba64,
    Format::Rgb10a2,
    Format::Bgr10a2,
    Format::Rgba16f,
    Format::Gbrp10,
    Format::Gbrp12,
    Format::Gbrp16,
    Format::Gbrpf32,
];
const YUV: [Format; 13] = [
    Format::Nv12,
    Format::Nv21,
    Format::I420,
    Format::Yv12,
    Format::P010,
    Format::I444,
    Format::Nv24,
    Format::I422,
    Format::Nv16,
    Format::P012,
    Format::P016,
    Format::I010,
    Format::I410,
];
const PACKED: [Format; 2] = [Format::Yuyv, Format::Uyvy];

fn equals_c(src: &Frame, to: Format, color: Color) {
    let (width, height) = (src.width(), src.height());
    let mut dst = Frame::new(to, width, height).unwrap();
    let converter =
        Converter::builder(src.format(), to, width, height).color(color).threads(1).open().unwrap();
    converter.convert(&src.as_image(), &mut dst.as_image_mut()).unwrap();
    assert!(dst.as_bytes() == by_c(src, to, color), "{} to {to}, {color:?}", src.format());
}

#[test]
fn every_format_matrix_range_and_siting() {
    for from in RGB {
        let src = noisy(from, 67, 35);
        for to in YUV {
            for &matrix in Matrix::ALL {
                for &range in Range::ALL {
                    for &siting in Siting::ALL {
                        equals_c(&src, to, Color { matrix, range, siting });
                    }
                }
            }
        }
    }
    for from in PACKED {
        let src = noisy(from, 67, 35);
        for to in &YUV[..4] {
            for &siting in Siting::ALL {
                equals_c(&src, *to, Color { siting, ..Color::default() });
            }
        }
    }
    let supported = RGB.len() * YUV.len() + PACKED.len() * 4;
    let pairs = Format::ALL.iter().flat_map(|&from| Format::ALL.iter().map(move |&to| (from, to)));
    assert_eq!(
        pairs.filter(|&(from, to)| Converter::new(from, to, 16, 16).is_ok()).count(),
        supported,
        "pairs that this test does not know"
    );
}

/// Luma and chroma of plain frames are the formula of H.273, computed here.
#[test]
fn plain_frames_are_the_formulas() {
    let coefficients = |matrix| match matrix {
        Matrix::Bt709 => (0.2126, 0.0722),
        Matrix::Bt601 => (0.299, 0.114),
        Matrix::Smpte240m => (0.212, 0.087),
        Matrix::Bt2020Ncl => (0.2627, 0.0593),
        other => panic!("{other:?}"),
    };
    for &matrix in Matrix::ALL {
        for &range in Range::ALL {
            let converter = Converter::builder(Format::Rgb24, Format::I444, 1, 1)
                .matrix(matrix)
                .range(range)
                .open()
                .unwrap();
            for pixel in [
                [255, 0, 0],
                [0, 255, 0],
                [0, 0, 255],
                [1, 2, 3],
                [200, 100, 50],
                [255, 255, 255],
                [77, 7, 177],
            ] {
                let mut planes = [0; 3];
                let source = Image::new(Format::Rgb24, 1, 1, &pixel).unwrap();
                converter
                    .convert(&source, &mut ImageMut::new(Format::I444, 1, 1, &mut planes).unwrap())
                    .unwrap();
                let (kr, kb) = coefficients(matrix);
                let [r, g, b] = pixel.map(|value| f64::from(value) / 255.0);
                let y = kr * r + (1.0 - kr - kb) * g + kb * b;
                let (cb, cr) = ((b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr)));
                let expected = match range {
                    Range::Limited => [16.0 + 219.0 * y, 128.0 + 224.0 * cb, 128.0 + 224.0 * cr],
                    Range::Full => [255.0 * y, 128.0 + 255.0 * cb, 128.0 + 255.0 * cr],
                };
                for (found, expected) in planes.into_iter().zip(expected) {
                    assert_eq!(
                        f64::from(found),
                        (expected + 1e-9).round().clamp(0.0, 255.0),
                        "{pixel:?} {matrix:?} {range:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn strides_flips_and_blocks() {
    let (width, height) = (37, 21);
    let rgba = noisy(Format::Rgba, width, height);
    let expected = by_c(&rgba, Format::Nv12, Color::default());
    let converter = Converter::new(Format::Rgba, Format::Nv12, width, height).unwrap();
    let (row, stride) = (37 * 4, 37 * 4 + 23);

    // A source with padding, and one that is stored bottom-up.
    let mut padded = vec![0; stride * 21];
    let mut flipped = padded.clone();
    for y in 0..21 {
        let from = &rgba.as_bytes()[y * row..][..row];
        padded[y * stride..][..row].copy_from_slice(from);
        flipped[(20 - y) * stride..][..row].copy_from_slice(from);
    }
    let sources = [
        Image::with_stride(Format::Rgba, width, height, &padded, stride).unwrap(),
        Image::with_stride(Format::Rgba, width, height, &padded[..stride * 20 + row], stride).unwrap(),
        Image::from_planes(Format::Rgba, width, height, [Plane::new(&flipped, stride).bottom_up()]).unwrap(),
        Image::from_planes(Format::Rgba, width, height, &[Plane::new(&flipped, stride).bottom_up()]).unwrap(),
        Image::with_layout(
            Format::Rgba,
            width,
            height,
            &flipped,
            &[PlaneLayout { offset: 20 * stride, stride: -(stride as isize) }],
        )
        .unwrap(),
    ];
    for src in &sources {
        let mut nv12 = vec![0; expected.len()];
        converter.convert(src, &mut ImageMut::new(Format::Nv12, width, height, &mut nv12).unwrap()).unwrap();
        assert!(nv12 == expected);
    }

    // Destinations: planes of their own with padding that stays, bottom-up ones, and one block.
    let (y_size, pairs) = (37 * 21, 38);
    let (mut y, mut uv) = (vec![0xaa; 64 * 21], vec![0xaa; 50 * 11]);
    let planes = [PlaneMut::new(&mut y, 64), PlaneMut::new(&mut uv, 50).bottom_up()];
    let mut dst = ImageMut::from_planes(Format::Nv12, width, height, planes).unwrap();
    converter.convert(&sources[0], &mut dst).unwrap();
    for row in 0..21 {
        assert_eq!(y[row * 64..][..37], expected[row * 37..][..37]);
        assert!(y[row * 64 + 37..(row + 1) * 64].iter().all(|&byte| byte == 0xaa));
    }
    for row in 0..11 {
        assert_eq!(uv[(10 - row) * 50..][..pairs], expected[y_size + row * pairs..][..pairs]);
        assert!(uv[row * 50 + pairs..(row + 1) * 50].iter().all(|&byte| byte == 0xaa));
    }

    // Luma and chroma side by side: the rows of the planes take turns in memory.
    let mut block = vec![0xaa; 21 * 100];
    let layout = [PlaneLayout { offset: 0, stride: 100 }, PlaneLayout { offset: 50, stride: 100 }];
    let mut dst = ImageMut::with_layout(Format::Nv12, width, height, &mut block, &layout).unwrap();
    converter.convert(&sources[0], &mut dst).unwrap();
    for row in 0..21 {
        assert_eq!(block[row * 100..][..37], expected[row * 37..][..37]);
    }
    for row in 0..11 {
        assert_eq!(block[row * 100 + 50..][..pairs], expected[y_size + row * pairs..][..pairs]);
    }
}

#[test]
fn alpha_over_a_background() {
    let convert = |pixels: &[u8], background: Option<u32>| {
        let mut builder = Converter::builder(Format::Rgba, Format::Nv12, 2, 2);
        if let Some(rgb) = background {
            builder = builder.background(rgb);
        }
        let mut out = Frame::new(Format::Nv12, 2, 2).unwrap();
        let source = Image::new(Format::Rgba, 2, 2, pixels).unwrap();
        builder.open().unwrap().convert(&source, &mut out.as_image_mut()).unwrap();
        out.as_bytes().to_vec()
    };
    // A fifth of black over white is 204 of 255.
    let grey = convert(&[204; 16], None);
    assert_eq!(convert(&[0, 0, 0, 51].repeat(4), Some(0xffffff)), grey);
    assert_ne!(convert(&[0, 0, 0, 51].repeat(4), None), grey);
}

#[test]
fn words_of_p010() {
    let rgba = noisy(Format::Rgba, 33, 17);
    let expected = by_c(&rgba, Format::P010, Color::default());
    let (mut y, mut uv) = (vec![0u16; 33 * 17], vec![0u16; 34 * 9]);
    let planes = [PlaneMut::from_u16(&mut y, 66), PlaneMut::from_u16(&mut uv, 68)];
    let mut dst = ImageMut::from_planes(Format::P010, 33, 17, planes).unwrap();
    Converter::new(Format::Rgba, Format::P010, 33, 17).unwrap().convert(&rgba.as_image(), &mut dst).unwrap();
    let found: Vec<u8> = y.iter().chain(&uv).flat_map(|word| word.to_ne_bytes()).collect();
    assert!(found == expected);
}

#[test]
fn rows_on_threads_of_ones_own() {
    let (width, height) = (333, 251);
    let rgba = noisy(Format::Rgba, width, height);
    for &siting in Siting::ALL {
        let color = Color { siting, ..Color::default() };
        let expected = by_c(&rgba, Format::I420, color);
        let converter = Converter::builder(Format::Rgba, Format::I420, width, height)
            .color(color)
            .threads(1)
            .open()
            .unwrap();
        let mut frame = Frame::new(Format::I420, width, height).unwrap();
        let mut dst = frame.as_image_mut();
        thread::scope(|scope| {
            for mut rows in dst.split_rows(14).unwrap() {
                let (converter, rgba) = (&converter, &rgba);
                scope.spawn(move || converter.convert_rows(&rgba.as_image(), &mut rows).unwrap());
            }
        });
        assert!(frame.as_bytes() == expected, "{siting:?}");
        assert_eq!(converter.info().frames, 1);
    }
}

#[test]
fn rows_that_are_none() {
    let rgba = Frame::new(Format::Rgba, 16, 16).unwrap();
    let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
    let converter = Converter::new(Format::Rgba, Format::Nv12, 16, 16).unwrap();
    let mut dst = nv12.as_image_mut();
    for (first, count) in [(1, 2), (0, 3), (0, 0), (16, 2), (14, 4), (u32::MAX, 1), (2, u32::MAX)] {
        let error = converter.convert_rows(&rgba.as_image(), &mut dst.rows(first, count)).unwrap_err();
        assert!(error.to_string().contains("expected an even first row"), "{error}");
    }
    assert!(nv12.as_bytes().iter().all(|&byte| byte == 0));
    let mut dst = nv12.as_image_mut();
    for rows in [0, 1, 3, 15] {
        assert!(matches!(dst.split_rows(rows), Err(Error::Invalid(text)) if text.contains("even")));
    }
    assert_eq!(dst.split_rows(6).unwrap().iter().map(RowsMut::count).collect::<Vec<_>>(), [6, 6, 4]);
    assert_eq!(dst.split_rows(u32::MAX).unwrap().len(), 1);
    assert_eq!(dst.split_rows(u32::MAX - 1).unwrap().len(), 1);
}

#[test]
fn batches() {
    let frames: Vec<Frame> = (1..=9)
        .map(|i| {
            let mut frame = noisy(Format::Bgra, 61, 43);
            frame.as_bytes_mut().rotate_left(i * 4);
            frame
        })
        .collect();
    let mut found: Vec<Frame> = frames.iter().map(|_| Frame::new(Format::Nv12, 61, 43).unwrap()).collect();
    let converter = Converter::builder(Format::Bgra, Format::Nv12, 61, 43).threads(3).open().unwrap();
    let src: Vec<Image> = frames.iter().map(Frame::as_image).collect();
    let mut dst: Vec<ImageMut> = found.iter_mut().map(Frame::as_image_mut).collect();
    converter.convert_batch(&src, &mut dst).unwrap();
    converter.convert_batch(&[], &mut []).unwrap();
    let error = converter.convert_batch(&src, &mut dst[1..]).unwrap_err();
    assert_eq!(error.to_string(), "invalid argument: 9 sources and 8 destinations, expected as many");
    for (frame, found) in frames.iter().zip(&found) {
        assert!(found.as_bytes() == by_c(frame, Format::Nv12, Color::default()));
    }
}

#[test]
fn one_converter_and_many_threads() {
    let rgba = noisy(Format::Rgba, 160, 90);
    let expected = by_c(&rgba, Format::Nv12, Color::default());
    for threads in [1, 4] {
        let converter = Arc::new(
            Converter::builder(Format::Rgba, Format::Nv12, 160, 90).threads(threads).open().unwrap(),
        );
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let (converter, rgba, expected) = (converter.clone(), rgba.clone(), expected.clone());
                thread::spawn(move || {
                    for _ in 0..25 {
                        let mut nv12 = Frame::new(Format::Nv12, 160, 90).unwrap();
                        converter.convert(&rgba.as_image(), &mut nv12.as_image_mut()).unwrap();
                        assert!(nv12.as_bytes() == expected);
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        assert_eq!(converter.info().frames, 200);
        // The last owner closes it, on whatever thread that is.
        thread::spawn(move || drop(converter)).join().unwrap();
    }
}

#[test]
fn every_instruction_set_gives_the_same() {
    let rgba = noisy(Format::Rgba, 131, 67);
    let expected = by_c(&rgba, Format::Nv12, Color::default());
    for cpu in cpu_names() {
        let converter = Converter::builder(Format::Rgba, Format::Nv12, 131, 67).cpu(cpu).open().unwrap();
        let mut nv12 = Frame::new(Format::Nv12, 131, 67).unwrap();
        converter.convert(&rgba.as_image(), &mut nv12.as_image_mut()).unwrap();
        assert!(nv12.as_bytes() == expected, "{cpu}");
        let info = converter.info();
        assert_eq!((info.isa.as_str(), info.exact, info.backend), (cpu, true, Backend::Cpu));
    }
}

#[test]
fn one_call() {
    for (width, height) in [(64, 48), (63, 47), (1, 1), (2, 1), (1, 2)] {
        let rgba = noisy(Format::Rgba, width, height);
        let (cw, ch) = ((width as usize + 1) / 2, (height as usize + 1) / 2);
        let (mut y, mut uv) = (vec![0; width as usize * height as usize], vec![0; cw * 2 * ch]);
        let (w, uv_stride) = (width as usize, cw * 2);
        rgba_to_nv12(rgba.as_bytes(), w * 4, width, height, &mut y, w, &mut uv, uv_stride).unwrap();
        y.extend(&uv);
        assert!(y == by_c(&rgba, Format::Nv12, Color::default()));
    }
}

#[test]
fn log_lines_reach_the_closure() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = lines.clone();
    let converter = Converter::builder(Format::Rgba, Format::Nv12, 16, 16)
        .log(move |level, line| seen.lock().unwrap().push((level, line.to_owned())))
        .open()
        .unwrap();
    let wrong = Frame::new(Format::Rgba, 16, 18).unwrap();
    let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
    let error = converter.convert(&wrong.as_image(), &mut nv12.as_image_mut()).unwrap_err();
    let lines = lines.lock().unwrap();
    assert!(
        lines.iter().any(|(level, line)| *level == Level::Info && line.contains("rgba to nv12")),
        "{lines:?}"
    );
    assert_eq!(lines.last(), Some(&(Level::Error, error.message().to_owned())));
}

#[test]
fn backends() {
    let info = Backend::Cpu.info().unwrap();
    assert!(info.exact && info.automatic && info.takes_rows && !info.hardware);
    assert_eq!((info.sitings.as_slice(), info.missing), (Siting::ALL, None));
    assert!(Backend::Auto.info().is_err());
    for &backend in Backend::ALL {
        assert_eq!(backend.info().unwrap().name, backend.name());
        assert_eq!(backend.info().unwrap().missing, backend.missing());
    }
}
