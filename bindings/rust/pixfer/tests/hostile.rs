// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Wrong slices, strides, sizes and planes: each is refused with a line that names what was found and what was expected, and
//! nothing is written.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use pixfer::*;

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>, parts: &[&str]) {
    match result {
        Err(Error::Invalid(text)) => {
            for part in parts.iter().chain(&["expected"]) {
                assert!(text.contains(part), "{text:?} lacks {part:?}");
            }
        }
        other => panic!("{other:?}, expected Invalid"),
    }
}

#[test]
fn short_slices() {
    let bytes = vec![0; 1 << 16];
    for format in Format::ALL {
        for (width, height) in [(1, 1), (2, 2), (17, 9), (64, 64)] {
            let size = format.frame_size(width, height).unwrap();
            assert!(Image::new(*format, width, height, &bytes[..size]).is_ok());
            refused(
                Image::new(*format, width, height, &bytes[..size - 1]),
                &[&format!("{} bytes", size - 1), &format!("at least {size}"), format.name()],
            );
            refused(ImageMut::new(*format, width, height, &mut vec![0; size - 1]), &["bytes"]);
            // Each plane, a byte short.
            for short in 0..format.planes() {
                let planes = (0..format.planes()).map(|plane| {
                    let (row, rows) = format.plane_size(width, height, plane);
                    Plane::new(&bytes[..row * rows - usize::from(plane == short)], row)
                });
                refused(Image::from_planes(*format, width, height, planes), &[&format!("plane {short}")]);
            }
        }
    }
    refused(Image::new(Format::Rgba, 1, 1, &[]), &["0 bytes"]);
}

#[test]
fn strides() {
    let bytes = [0; 4 * 16 * 16];
    for stride in [0, 1, 63] {
        let expected = ["stride", &stride.to_string(), "at least 64"];
        refused(Image::with_stride(Format::Rgba, 16, 16, &bytes, stride), &expected);
        refused(ImageMut::with_stride(Format::Rgba, 16, 16, &mut bytes.clone(), stride), &expected);
    }
    for stride in [65, 1 << 20, isize::MAX as usize, isize::MAX as usize + 1, usize::MAX] {
        refused(Image::with_stride(Format::Rgba, 16, 16, &bytes, stride), &[]);
        refused(
            Image::from_planes(Format::Rgba, 16, 16, [Plane::new(&bytes, stride).bottom_up()]),
            &["plane 0"],
        );
        refused(
            ImageMut::from_planes(
                Format::Rgba,
                16,
                16,
                [PlaneMut::new(&mut bytes.clone(), stride).bottom_up()],
            ),
            &["plane 0"],
        );
    }
    for (offset, stride) in [
        (0, -64),
        (959, -64),
        (961, -64),
        (1, 64),
        (usize::MAX, 64),
        (usize::MAX, -64),
        (0, isize::MIN),
        (960, isize::MIN),
        (0, isize::MAX),
        (0, 0),
        (0, 63),
    ] {
        refused(Image::with_layout(Format::Rgba, 16, 16, &bytes, &[PlaneLayout { offset, stride }]), &[]);
    }
    let layout = [PlaneLayout { offset: 960, stride: -64 }];
    assert!(Image::with_layout(Format::Rgba, 16, 16, &bytes, &layout).is_ok());

    let src = Image::new(Format::Rgba, 16, 16, &bytes).unwrap();
    let mut dst = [0; 384];
    // Two planes of one block that share bytes are found by the call that would write them.
    let shared = [PlaneLayout { offset: 0, stride: 16 }, PlaneLayout { offset: 255, stride: 16 }];
    let mut image = ImageMut::with_layout(Format::Nv12, 16, 16, &mut dst, &shared).unwrap();
    let error =
        Converter::new(Format::Rgba, Format::Nv12, 16, 16).unwrap().convert(&src, &mut image).unwrap_err();
    assert!(matches!(&error, Error::Invalid(text) if text.contains("dst.plane")), "{error}");
    assert_eq!(dst, [0; 384]);
    // Words at odd addresses.
    let mut odd = vec![0u8; 16 * 16 * 3 + 9];
    let begin = usize::from(odd.as_ptr() as usize % 2 == 0);
    let mut image = ImageMut::new(Format::P010, 16, 16, &mut odd[begin..]).unwrap();
    let error =
        Converter::new(Format::Rgba, Format::P010, 16, 16).unwrap().convert(&src, &mut image).unwrap_err();
    assert!(
        matches!(&error, Error::Invalid(text) if text.contains("dst.plane") && text.contains("expected")),
        "{error}"
    );
}

#[test]
fn sizes() {
    for (width, height) in
        [(0, 4), (4, 0), (0, 0), (u32::MAX, 1), (1, u32::MAX), (u32::MAX, u32::MAX), ((1 << 24) + 1, 1)]
    {
        let size = format!("{width}x{height}");
        refused(Image::new(Format::Rgba, width, height, &[0; 64]), &[&size]);
        refused(Image::with_stride(Format::Rgba, width, height, &[0; 64], 16), &[&size]);
        refused(Image::with_layout(Format::Rgba, width, height, &[0; 64], &[]), &[&size]);
        refused(ImageMut::from_planes(Format::Rgba, width, height, []), &[&size]);
        refused(Frame::new(Format::Rgba, width, height), &[&size]);
        refused(rgba_to_nv12(&[0; 64], 16, width, height, &mut [0; 16], 4, &mut [0; 8], 4), &[&size]);
        let error = Converter::new(Format::Rgba, Format::Nv12, width, height).unwrap_err();
        assert!(matches!(&error, Error::Invalid(text) if text.contains("expected")), "{error}");
        assert_eq!(Format::Nv12.frame_size(width, height), None);
    }
    let huge = 1 << 24;
    refused(Image::new(Format::Rgba, huge, huge, &[0; 64]), &["64 bytes"]);
    refused(Image::with_stride(Format::Rgba, huge, huge, &[0; 64], 4 << 24), &["64 bytes"]);
    refused(
        Image::with_stride(Format::Rgba, huge, huge, &[0; 64], isize::MAX as usize),
        &["memory can hold"],
    );
    let error = Frame::new(Format::Rgba, huge, huge).unwrap_err();
    assert!(matches!(&error, Error::NoMemory(text) if text.contains("rgba 16777216x16777216")), "{error}");
}

#[test]
fn planes() {
    let bytes = [0; 1024];
    for given in [0, 1, 3, 4, 5, 100] {
        let planes = vec![Plane::new(&bytes, 16); given];
        let text = if given == 1 { "1 plane given".to_owned() } else { format!("{given} planes given") };
        refused(Image::from_planes(Format::Nv12, 16, 16, &planes), &[&text, "expected 2 for nv12"]);
        let layout = vec![PlaneLayout { offset: 0, stride: 16 }; given];
        refused(Image::with_layout(Format::Nv12, 16, 16, &bytes, &layout), &[&text]);
    }
    refused(Image::with_stride(Format::Nv12, 16, 16, &bytes, 16), &["1 plane given", "expected 2 for nv12"]);
    assert_eq!(Format::Nv12.plane_size(16, 16, 2), (0, 0));
    assert_eq!(Format::Nv12.plane_size(16, 16, usize::MAX), (0, 0));
    let frame = Frame::new(Format::Nv12, 16, 16).unwrap();
    assert_eq!((frame.plane(2), frame.plane(usize::MAX), frame.stride(7)), (&[][..], &[][..], 0));
}

#[test]
fn images_that_are_not_the_converters() {
    let converter = Converter::new(Format::Rgba, Format::Nv12, 16, 16).unwrap();
    let rgba = Frame::new(Format::Rgba, 16, 16).unwrap();
    let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
    for (format, width, height, found) in [
        (Format::Bgra, 16, 16, "src.format is bgra"),
        (Format::Nv12, 16, 16, "src.format is nv12"),
        (Format::Rgba, 18, 16, "src is 18x16 pixels, expected 16x16"),
        (Format::Rgba, 16, 8, "src is 16x8 pixels, expected 16x16"),
    ] {
        let wrong = Frame::new(format, width, height).unwrap();
        refused(converter.convert(&wrong.as_image(), &mut nv12.as_image_mut()), &[found]);
        let mut whole = nv12.as_image_mut();
        refused(converter.convert_rows(&wrong.as_image(), &mut whole.rows(0, 16)), &[found]);
        refused(converter.convert_batch(&[wrong.as_image()], &mut [nv12.as_image_mut()]), &[&found[3..]]);
    }
    let mut i420 = Frame::new(Format::I420, 16, 16).unwrap();
    refused(converter.convert(&rgba.as_image(), &mut i420.as_image_mut()), &["dst.format is i420"]);
    assert!(nv12.as_bytes().iter().all(|&byte| byte == 0), "something was written");
    assert_eq!(converter.info().frames, 0);
}

#[test]
fn one_call_names_the_side() {
    let (rgba, mut y, mut uv) = ([0; 64], [0; 16], [0; 8]);
    refused(rgba_to_nv12(&rgba[1..], 16, 4, 4, &mut y, 4, &mut uv, 4), &["source", "63 bytes"]);
    refused(rgba_to_nv12(&rgba, 15, 4, 4, &mut y, 4, &mut uv, 4), &["source", "stride of 15"]);
    refused(
        rgba_to_nv12(&rgba, 16, 4, 4, &mut y[1..], 4, &mut uv, 4),
        &["destination", "plane 0", "15 bytes"],
    );
    refused(
        rgba_to_nv12(&rgba, 16, 4, 4, &mut y, 4, &mut uv[1..], 4),
        &["destination", "plane 1", "7 bytes"],
    );
    refused(rgba_to_nv12(&rgba, 16, 4, 4, &mut y, 4, &mut uv, 0), &["destination", "plane 1", "stride of 0"]);
    assert_eq!((y, uv), ([0; 16], [0; 8]));
}

#[test]
fn parameters() {
    let open = |configure: &dyn Fn(ConverterBuilder) -> ConverterBuilder| {
        configure(Converter::builder(Format::Rgba, Format::Nv12, 16, 16)).open()
    };
    refused(open(&|builder| builder.threads(257)), &["257"]);
    refused(open(&|builder| builder.cpu("z80")), &["z80"]);
    refused(open(&|builder| builder.cpu("av\0x2")), &["no zero byte", "at 2"]);
    let error = open(&|builder| builder.backend(Backend::VideoToolbox)).err();
    if cfg!(not(target_os = "macos")) {
        assert!(
            matches!(&error, Some(Error::Unavailable(text)) if text.contains("videotoolbox")),
            "{error:?}"
        );
    }
    let error = Converter::new(Format::Nv12, Format::Rgba, 16, 16).unwrap_err();
    assert!(
        matches!(&error, Error::Unsupported(text) | Error::Invalid(text) if text.contains("nv12")),
        "{error}"
    );
    for name in ["", "nv13", "rgba ", "nv12\0", "ß"] {
        refused(name.parse::<Format>(), &["format is", "nv12"]);
    }
    for &format in Format::ALL {
        assert_eq!(format.name().to_uppercase().parse(), Ok(format));
    }
}

#[test]
fn errors_are_errors() {
    fn answers() -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Image::new(Format::Rgba, 0, 0, &[])?;
        Ok(())
    }
    fn answers_io() -> std::io::Result<()> {
        Image::new(Format::Rgba, 0, 0, &[])?;
        Ok(())
    }
    assert!(answers().unwrap_err().to_string().starts_with("invalid argument: size is 0x0"));
    assert_eq!(answers_io().unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    let error = Error::Cancelled(String::new());
    assert_eq!((error.to_string().as_str(), error.code(), error.message()), ("cancelled", -7, ""));
}

#[test]
fn panics_in_closures_go_on_in_the_call() {
    let open = || {
        Converter::builder(Format::Rgba, Format::Nv12, 16, 16).log(|_, line| panic!("{}", line.to_owned()))
    };
    let panic = panic::catch_unwind(AssertUnwindSafe(|| open().open())).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("rgba to nv12"));

    // A converter that panics while it converts does so after the frame, and can be used again.
    let counted = AtomicUsize::new(0);
    let converter = Converter::builder(Format::Rgba, Format::Nv12, 16, 16)
        .log(move |_, _| {
            if counted.fetch_add(1, Ordering::Relaxed) == 1 {
                panic!("second line")
            }
        })
        .open()
        .unwrap();
    let rgba = Frame::new(Format::Rgba, 16, 16).unwrap();
    let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
    let mut convert = || converter.convert(&rgba.as_image(), &mut nv12.as_image_mut());
    assert!(panic::catch_unwind(AssertUnwindSafe(&mut convert)).is_err());
    convert().unwrap();
    assert_eq!(nv12.plane(0), [16; 256]);
}

#[test]
fn a_closure_does_not_call_its_own_converter() {
    let slot: Arc<Mutex<Option<Arc<Converter>>>> = Arc::new(Mutex::new(None));
    let answers = Arc::new(Mutex::new(Vec::new()));
    let (own, seen) = (slot.clone(), answers.clone());
    let converter = Converter::builder(Format::Rgba, Format::Nv12, 16, 16)
        .log(move |_, _| {
            if let Some(converter) = own.lock().unwrap().as_ref() {
                let rgba = Frame::new(Format::Rgba, 16, 16).unwrap();
                let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
                let result = converter.convert(&rgba.as_image(), &mut nv12.as_image_mut());
                seen.lock().unwrap().push(result);
            }
        })
        .open()
        .unwrap();
    let converter = Arc::new(converter);
    *slot.lock().unwrap() = Some(converter.clone());
    let rgba = Frame::new(Format::Rgba, 16, 16).unwrap();
    let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
    converter.convert(&rgba.as_image(), &mut nv12.as_image_mut()).unwrap();
    slot.lock().unwrap().take();
    let answers = answers.lock().unwrap();
    assert!(!answers.is_empty());
    for answer in answers.iter() {
        refused(answer.clone(), &["closure of the same object"]);
    }
}

#[test]
fn errors_of_threads_do_not_mix() {
    let converter =
        Arc::new(Converter::builder(Format::Rgba, Format::Nv12, 16, 16).threads(2).open().unwrap());
    let threads: Vec<_> = (1..=8_u32)
        .map(|i| {
            let converter = converter.clone();
            thread::spawn(move || {
                let wrong = Frame::new(Format::Rgba, 16 + i, 16).unwrap();
                let mut nv12 = Frame::new(Format::Nv12, 16, 16).unwrap();
                for _ in 0..200 {
                    let result = converter.convert(&wrong.as_image(), &mut nv12.as_image_mut());
                    refused(result, &[&format!("src is {}x16", 16 + i)]);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn what_can_be_sent_and_shared() {
    fn both<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    both::<Converter>();
    both::<Error>();
    both::<Image<'static>>();
    both::<ImageMut<'static>>();
    both::<RowsMut<'static>>();
    both::<Frame>();
    sent::<ConverterBuilder>();
    #[cfg(feature = "exporter")]
    {
        both::<Exporter>();
        both::<ExporterHandle>();
        both::<AudioInput>();
        sent::<ExporterBuilder>();
    }
}
