// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! MP4s that are written through the crate and read by ffprobe and ffmpeg, and exports that go wrong.
#![cfg(feature = "exporter")]

use std::fs;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pixfer::*;

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("pixfer-rust-{}-{number}", process::id()));
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(&self.0).unwrap().next().is_none()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn output(program: &str, arguments: &[&str], file: &Path) -> Vec<u8> {
    let run = Command::new(program)
        .args(["-v", "error"])
        .args(&arguments[..arguments.len() - 1])
        .arg(file)
        .args(&arguments[arguments.len() - 1..])
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| {
            panic!("{program}: {error}: these tests read what they write with FFmpeg's programs")
        });
    assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

/// What ffprobe says of a file, as lines of `key=value`.
fn probe(file: &Path) -> String {
    let arguments = ["-count_frames", "-show_streams", "-show_format", "-i", "-hide_banner"];
    String::from_utf8(output("ffprobe", &arguments, file)).unwrap()
}

#[track_caller]
fn says(probe: &str, lines: &[&str]) {
    for line in lines {
        assert!(probe.lines().any(|found| found == *line), "no {line} in\n{probe}");
    }
}

/// The frames of a file as NV12.
fn frames(file: &Path, size: usize) -> Vec<Vec<u8>> {
    let arguments = ["-i"];
    let run = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin"])
        .args(arguments)
        .arg(file)
        .args(["-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt", "nv12", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout.chunks(size).map(<[u8]>::to_vec).collect()
}

const WIDTH: u32 = 64;
const HEIGHT: u32 = 48;

fn picture(number: usize) -> Frame {
    let mut frame = Frame::new(Format::Rgba, WIDTH, HEIGHT).unwrap();
    for (i, byte) in frame.as_bytes_mut().iter_mut().enumerate() {
        *byte = (i * 31 + i / 256 * 7 + number * 5) as u8;
    }
    frame
}

fn builder() -> ExporterBuilder {
    Exporter::builder(Format::Rgba, WIDTH, HEIGHT, 30).encoder("libx264").preset("ultrafast")
}

fn within(limit: Duration, what: &str, done: impl FnOnce() + Send + 'static) {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        done();
        let _ = sender.send(());
    });
    match receiver.recv_timeout(limit) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what} takes longer than {limit:?}"),
        _ => thread.join().unwrap(),
    }
}

#[test]
fn frames_and_audio_and_what_the_file_says() {
    let folder = Folder::new();
    let path = folder.file("Grüße aus \"Köln\".mp4");
    let color = Color { matrix: Matrix::Bt601, range: Range::Limited, siting: Siting::Center };
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = lines.clone();
    let mut exporter = builder()
        .rate(Rate::Crf(0.0))
        .color(color)
        .audio(48_000, 2)
        .metadata("title", "A title")
        .metadata("artist", "Jemand")
        .gop(10)
        .log(move |level, line| seen.lock().unwrap().push((level, line.to_owned())))
        .create(&path)
        .unwrap();
    for number in 0..30 {
        exporter.push(&picture(number).as_image(), number as i64).unwrap();
        exporter.push_audio(&[0.25; 1600 * 2]).unwrap();
    }
    assert_eq!(exporter.error(), None);
    let report = exporter.finish().unwrap();
    assert_eq!((report.frames, report.converted, report.refused), (30, 30, 0));
    assert_eq!(
        (report.encoder.as_str(), report.backend_name.as_str(), report.exact),
        ("libx264", "cpu", true)
    );
    assert_eq!(report.bytes, fs::metadata(&path).unwrap().len());
    assert!(!report.part_kept && !path.with_extension("mp4.part").exists());
    assert!(lines
        .lock()
        .unwrap()
        .iter()
        .any(|(level, line)| *level == Level::Info && line.contains("64x48")));

    let found = probe(&path);
    says(
        &found,
        &[
            "codec_name=h264",
            "width=64",
            "height=48",
            "nb_read_frames=30",
            "r_frame_rate=30/1",
            "color_space=smpte170m",
            "color_range=tv",
            "chroma_location=center",
            "codec_name=aac",
            "sample_rate=48000",
            "channels=2",
            "TAG:title=A title",
            "TAG:artist=Jemand",
        ],
    );
    // Lossless: what comes out of the file is what the converter makes.
    let size = Format::Nv12.frame_size(WIDTH, HEIGHT).unwrap();
    let converter =
        Converter::builder(Format::Rgba, Format::Nv12, WIDTH, HEIGHT).color(color).open().unwrap();
    let decoded = frames(&path, size);
    assert_eq!(decoded.len(), 30);
    for (number, decoded) in decoded.iter().enumerate() {
        let mut expected = Frame::new(Format::Nv12, WIDTH, HEIGHT).unwrap();
        converter.convert(&picture(number).as_image(), &mut expected.as_image_mut()).unwrap();
        assert!(expected.as_bytes() == decoded, "frame {number}");
    }
}

#[test]
fn codecs_and_ten_bits() {
    let folder = Folder::new();
    let kinds = [
        (Codec::Hevc, 0, Format::Rgb10a2, "codec_name=hevc", "pix_fmt=yuv420p10le"),
        (Codec::Hevc, 8, Format::Rgb10a2, "codec_name=hevc", "pix_fmt=yuv420p"),
        (Codec::Default, 0, Format::I010, "codec_name=hevc", "pix_fmt=yuv420p10le"),
    ];
    for (number, (codec, depth, format, name, pixels)) in kinds.iter().enumerate() {
        let path = folder.file(&format!("{number}.mp4"));
        let mut exporter = Exporter::builder(*format, WIDTH, HEIGHT, 30)
            .codec(*codec)
            .depth(*depth)
            .encoder("libx265")
            .preset("ultrafast")
            .create(&path)
            .unwrap();
        for time in 0..5 {
            exporter.push(&Frame::new(*format, WIDTH, HEIGHT).unwrap().as_image(), time).unwrap();
        }
        exporter.finish().unwrap();
        says(&probe(&path), &[name, pixels, "codec_tag_string=hvc1"]);
    }
    let path = folder.file("444.mp4");
    let mut exporter = builder().chroma(444).background(0xffffff).create(&path).unwrap();
    exporter.push(&Frame::new(Format::Rgba, WIDTH, HEIGHT).unwrap().as_image(), 0).unwrap();
    exporter.finish().unwrap();
    says(&probe(&path), &["pix_fmt=yuv444p"]);
    let luma = frames(&path, Format::Nv12.frame_size(WIDTH, HEIGHT).unwrap())[0][0];
    assert!(luma > 230, "{luma}"); // transparent over white
    let wrong = builder().chroma(422).create(folder.file("wrong.mp4")).unwrap_err();
    assert!(wrong.to_string().contains("422"), "{wrong}");
    let wrong = builder().codec(Codec::Hevc).create(folder.file("wrong.mp4")).unwrap_err();
    assert!(wrong.to_string().contains("libx264"), "{wrong}");
    let wrong = builder().depth(9).create(folder.file("wrong.mp4")).unwrap_err();
    assert!(wrong.to_string().contains('9'), "{wrong}");
}

#[test]
fn ready_nv12_and_odd_sizes_and_times() {
    let folder = Folder::new();
    let path = folder.file("odd.mp4");
    let mut exporter = Exporter::builder(Format::Nv12, 33, 17, (30_000, 1001))
        .encoder("libx264")
        .time_base((1, 1_000_000))
        .rotation(90)
        .sample_aspect((4, 3))
        .create(&path)
        .unwrap();
    let frame = Frame::new(Format::Nv12, 33, 17).unwrap();
    for time in [-5_000_000, -4_900_000, -4_500_000] {
        exporter.push(&frame.as_image(), time).unwrap();
    }
    let report = exporter.finish().unwrap();
    assert_eq!((report.frames, report.converted, report.backend), (3, 0, Backend::Auto));
    let found = probe(&path);
    says(&found, &["nb_read_frames=3", "sample_aspect_ratio=4:3", "start_time=0.000000"]);
}

#[test]
fn frames_that_are_refused_alone() {
    let folder = Folder::new();
    let path = folder.file("refused.mp4");
    let mut exporter = builder().create(&path).unwrap();
    exporter.push(&picture(0).as_image(), 0).unwrap();
    let wrong_size = Frame::new(Format::Rgba, 48, 64).unwrap();
    let wrong_format = Frame::new(Format::Bgra, WIDTH, HEIGHT).unwrap();
    for (frame, pts, found) in [
        (&wrong_size, 1, "48x64, expected rgba 64x48"),
        (&wrong_format, 1, "bgra 64x48, expected rgba 64x48"),
        (&picture(1), 0, "pts"),
        (&picture(1), -7, "pts"),
        (&picture(1), i64::MAX, "pts"),
        (&picture(1), i64::MIN, "pts"),
    ] {
        match exporter.push(&frame.as_image(), pts) {
            Err(Error::Invalid(text)) => assert!(text.contains(found), "{text:?} lacks {found:?}"),
            other => panic!("{other:?} for pts {pts}"),
        }
        assert!(exporter.try_push(&frame.as_image(), pts).is_err());
    }
    let text = exporter.push_audio(&[0.0; 4]).unwrap_err().to_string();
    assert!(text.contains("audio"), "{text}");
    assert!(matches!(exporter.resume(5), Err(Error::Invalid(_))));
    exporter.pause(10).unwrap();
    assert!(matches!(exporter.push(&picture(1).as_image(), 11), Err(Error::Invalid(_))));
    assert!(matches!(exporter.resume(9), Err(Error::Invalid(_))));
    exporter.resume(20).unwrap();
    exporter.push(&picture(1).as_image(), 25).unwrap();
    assert_eq!(exporter.error(), None);
    let report = exporter.finish().unwrap();
    assert_eq!((report.frames, report.refused), (2, 13));
    says(&probe(&path), &["nb_read_frames=2"]);
}

#[test]
fn what_cannot_be_created() {
    let folder = Folder::new();
    let path = folder.file("out.mp4");
    let refused = |builder: ExporterBuilder, path: &Path, expected: &str| {
        let error = builder.create(path).unwrap_err();
        assert!(error.message().contains(expected), "{error:?} lacks {expected:?}");
        error
    };
    refused(Exporter::builder(Format::Rgba, 0, 16, 30), &path, "size is 0x16, expected 1x1");
    refused(Exporter::builder(Format::Rgba, u32::MAX, 16, 30), &path, "expected 1x1 to 16384x16384");
    refused(Exporter::builder(Format::Rgba, 16, 16, 0), &path, "frame rate is 0/1");
    refused(Exporter::builder(Format::Nv24, 16, 16, 30), &path, "nv24");
    refused(builder().audio(48_000, 9), &path, "9 channels");
    refused(builder().rotation(45), &path, "rotation is 45");
    refused(builder().rate(Rate::Crf(52.0)), &path, "crf is 52");
    refused(builder().rate(Rate::Crf(f64::NAN)), &path, "crf is");
    refused(builder().preset("quick"), &path, "quick");
    refused(builder().cpu("z80"), &path, "z80");
    refused(builder().metadata("", "value"), &path, "metadata 0 has no key");
    refused(builder().metadata("key", "val\0ue"), &path, "no zero byte");
    refused(builder().encoder("lib\0x264"), &path, "no zero byte");
    refused(builder(), Path::new("out\0.mp4"), "no zero byte");
    refused(builder(), Path::new(""), "path is empty");
    assert!(matches!(refused(builder().encoder("nosuch"), &path, "nosuch"), Error::Unavailable(_)));
    assert!(matches!(refused(builder(), &folder.file("none/out.mp4"), "none/out.mp4"), Error::Io(_)));
    assert!(folder.is_empty(), "something was left");

    fs::write(&path, "precious").unwrap();
    assert!(matches!(refused(builder(), &path, "out.mp4"), Error::Io(_)));
    assert_eq!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn without_finish_nothing_stays() {
    let folder = Folder::new();
    let path = folder.file("dropped.mp4");
    let mut exporter = builder().audio(48_000, 1).create(&path).unwrap();
    let (mut audio, handle) = (exporter.audio_input(), exporter.handle());
    exporter.push(&picture(0).as_image(), 0).unwrap();
    assert_eq!(exporter.queue(), handle.queue().unwrap());
    assert!(path.with_extension("mp4.part").exists());
    drop(exporter);
    assert!(folder.is_empty());
    // What outlives it says so.
    assert_eq!(handle.queue(), None);
    assert_eq!(handle.error(), None);
    handle.cancel();
    assert!(matches!(audio.push_audio(&[0.0]), Err(Error::Cancelled(text)) if text.contains("gone")));

    // Without a frame there is nothing to finish.
    let failed = builder().create(&path).unwrap().finish().unwrap_err();
    assert!(matches!(&failed.error, Error::Invalid(text) if text.contains("no frame")), "{failed}");
    assert!(folder.is_empty());
}

#[test]
fn cancelled_from_another_thread() {
    let folder = Folder::new();
    let path = folder.file("cancelled.mp4");
    let mut exporter = builder().create(&path).unwrap();
    let handle = exporter.handle();
    let canceller = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        handle.cancel();
    });
    let start = Instant::now();
    let frame = picture(0);
    let error = (0..)
        .find_map(|pts| {
            assert!(start.elapsed() < Duration::from_secs(60), "cancel has no effect");
            exporter.push(&frame.as_image(), pts).err()
        })
        .unwrap();
    assert!(matches!(error, Error::Cancelled(_)), "{error:?}");
    canceller.join().unwrap();
    let failed = exporter.finish().unwrap_err();
    assert!(matches!(failed.error, Error::Cancelled(_)));
    assert!(folder.is_empty());
}

#[test]
fn what_a_progress_closure_wants() {
    for action in [ProgressAction::Finish, ProgressAction::Abort] {
        let folder = Folder::new();
        let path = folder.file("progress.mp4");
        let mut exporter = builder().gop(5).progress(move |progress| {
            assert!(!progress.stage.is_empty());
            if progress.frames >= 20 {
                action
            } else {
                ProgressAction::Continue
            }
        });
        exporter = exporter.queue_bytes(1);
        let mut exporter = exporter.create(&path).unwrap();
        let start = Instant::now();
        let frame = picture(1);
        let error = (0..)
            .find_map(|pts| {
                assert!(start.elapsed() < Duration::from_secs(60), "{action:?} has no effect");
                exporter.push(&frame.as_image(), pts).err()
            })
            .unwrap();
        assert!(matches!(error, Error::Cancelled(_)), "{error:?}");
        let failed = exporter.finish().unwrap_err();
        assert!(matches!(failed.error, Error::Cancelled(_)), "{failed}");
        if action == ProgressAction::Finish {
            assert_eq!(failed.report.bytes, fs::metadata(&path).unwrap().len());
            assert!(failed.report.frames >= 20);
            says(&probe(&path), &[&format!("nb_read_frames={}", failed.report.frames)]);
        } else {
            assert!(!path.exists());
            assert_eq!(failed.report.part_kept, path.with_extension("mp4.part").exists());
        }
    }
}

#[test]
fn panics_in_closures() {
    let folder = Folder::new();
    let path = folder.file("panic.mp4");
    let mut exporter = builder().progress(|_| panic!("in the progress closure")).create(&path).unwrap();
    let panic = panic::catch_unwind(AssertUnwindSafe(|| {
        let start = Instant::now();
        for pts in 0.. {
            assert!(start.elapsed() < Duration::from_secs(60), "no panic");
            exporter.push(&picture(0).as_image(), pts).unwrap();
        }
    }))
    .unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the progress closure"));
    // The export was aborted.
    assert!(matches!(exporter.push(&picture(0).as_image(), i64::from(i32::MAX)), Err(Error::Cancelled(_))));
    drop(exporter);

    struct Panics;
    impl Write for Panics {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            panic!("in the writer")
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = builder()
        .create_writer(Panics)
        .and_then(|mut exporter| {
            exporter.push(&picture(0).as_image(), 0)?;
            Ok(exporter.finish()?)
        })
        .unwrap_err();
    assert!(matches!(error, Error::Io(_)), "{error:?}");
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>, Arc<AtomicUsize>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(1000)];
        self.0.lock().unwrap().extend_from_slice(part);
        Ok(part.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn into_a_stream() {
    let sink = Sink::default();
    let mut exporter = builder().create_writer(sink.clone()).unwrap();
    for number in 0..40 {
        exporter.push(&picture(number).as_image(), number as i64).unwrap();
    }
    let report = exporter.finish().unwrap();
    assert_eq!(sink.1.load(Ordering::Relaxed), 1, "flushed");
    let bytes = sink.0.lock().unwrap();
    assert_eq!((report.frames, report.bytes), (40, bytes.len() as u64));
    let folder = Folder::new();
    let path = folder.file("stream.mp4");
    fs::write(&path, &*bytes).unwrap();
    says(&probe(&path), &["codec_name=h264", "nb_read_frames=40"]);

    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 < bytes.len() {
                return Err(io::Error::from_raw_os_error(28)); // ENOSPC
            }
            self.0 -= bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut exporter = builder().create_writer(Full(5000)).unwrap();
    let start = Instant::now();
    let error = (0..)
        .find_map(|pts| {
            assert!(start.elapsed() < Duration::from_secs(60), "the error is not noticed");
            exporter.push(&picture(pts as usize).as_image(), pts).err()
        })
        .unwrap();
    assert!(matches!(&error, Error::Io(text) if text.contains("No space left")), "{error:?}");
    assert_eq!(exporter.error().as_deref(), Some(error.message()));
    // Finishing adds what became of the file.
    let failed = exporter.finish().unwrap_err();
    assert!(failed.error.message().starts_with(error.message()), "{failed}");
}

#[test]
fn audio_from_a_thread_of_its_own() {
    let folder = Folder::new();
    let path = folder.file("audio.mp4");
    let mut exporter = builder().audio(8000, 1).create(&path).unwrap();
    let mut audio = exporter.audio_input();
    let sound = thread::spawn(move || {
        for block in 0..20 {
            audio.push_audio_at(&[0.5; 400], block * 400).unwrap();
        }
        audio
    });
    for number in 0..30 {
        exporter.push(&picture(number).as_image(), number as i64).unwrap();
    }
    let mut audio = sound.join().unwrap();
    assert!(matches!(audio.push_audio_at(&[0.0; 3], i64::MAX), Err(Error::Invalid(_))));
    exporter.finish().unwrap();
    assert!(matches!(audio.push_audio(&[0.0]), Err(Error::Cancelled(_))));
    says(&probe(&path), &["codec_name=aac", "nb_read_frames=30", "sample_rate=8000"]);

    let mut exporter = builder().audio(48_000, 2).create(folder.file("odd.mp4")).unwrap();
    let error = exporter.push_audio(&[0.0; 3]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid argument: 3 samples of audio, expected a multiple of 2 for 2 channels"
    );
}

/// Audio that is far ahead waits for frames; an exporter that goes in the meantime does not wait for it.
#[test]
fn dropped_while_audio_waits() {
    let folder = Folder::new();
    let mut exporter = builder().audio(48_000, 8).create(folder.file("waits.mp4")).unwrap();
    exporter.push(&picture(0).as_image(), 0).unwrap();
    let mut audio = exporter.audio_input();
    let pushed = Arc::new(AtomicUsize::new(0));
    let counted = pushed.clone();
    let sound = thread::spawn(move || {
        let block = vec![0.0; 1 << 22]; // 16 MB
        loop {
            audio.push_audio(&block)?;
            counted.fetch_add(1, Ordering::Relaxed);
        }
        #[allow(unreachable_code)]
        Ok::<(), Error>(())
    });
    let start = Instant::now();
    let mut last = (0, start);
    while last.0 < 4 || last.1.elapsed() < Duration::from_millis(700) {
        assert!(start.elapsed() < Duration::from_secs(60), "audio does not wait");
        let now = pushed.load(Ordering::Relaxed);
        if now != last.0 {
            last = (now, Instant::now());
        }
        thread::sleep(Duration::from_millis(20));
    }
    within(Duration::from_secs(30), "dropping an exporter", move || drop(exporter));
    assert!(matches!(sound.join().unwrap(), Err(Error::Cancelled(_))));
    assert!(folder.is_empty());
}

#[test]
fn a_full_queue_is_said() {
    let folder = Folder::new();
    let mut exporter = Exporter::builder(Format::Rgba, 640, 360, 30)
        .encoder("libx264")
        .preset("veryslow")
        .encoder_threads(1)
        .queue_bytes(1)
        .create(folder.file("full.mp4"))
        .unwrap();
    let mut frame = Frame::new(Format::Rgba, 640, 360).unwrap();
    let full = (0..2000).find(|&pts| {
        let noise = frame.as_bytes_mut();
        noise.iter_mut().enumerate().for_each(|(i, byte)| *byte = ((i * (pts as usize + 3)) >> 3) as u8);
        match exporter.try_push(&frame.as_image(), pts) {
            Ok(()) => false,
            Err(error) => {
                assert_eq!(error, Error::Again);
                true
            }
        }
    });
    assert!(full.is_some(), "2000 frames without a full queue");
    let queue = exporter.queue();
    assert!(queue.capacity > 0 && queue.frames <= queue.capacity, "{queue:?}");
    exporter.cancel();
}

#[test]
fn a_closure_does_not_push() {
    let folder = Folder::new();
    let slot: Arc<Mutex<Option<AudioInput>>> = Arc::default();
    let answers = Arc::new(Mutex::new(Vec::new()));
    let (own, seen) = (slot.clone(), answers.clone());
    let mut exporter = builder()
        .audio(8000, 1)
        .progress(move |_| {
            if let Some(audio) = own.lock().unwrap().as_mut() {
                seen.lock().unwrap().push(audio.push_audio(&[0.0; 8]));
            }
            ProgressAction::Continue
        })
        .create(folder.file("closure.mp4"))
        .unwrap();
    *slot.lock().unwrap() = Some(exporter.audio_input());
    let start = Instant::now();
    let mut pts = 0;
    while answers.lock().unwrap().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "no progress");
        exporter.push(&picture(0).as_image(), pts).unwrap();
        pts += 1;
    }
    slot.lock().unwrap().take();
    exporter.finish().unwrap();
    for answer in answers.lock().unwrap().iter() {
        assert!(matches!(answer, Err(Error::Invalid(text)) if text.contains("closure")), "{answer:?}");
    }
}

#[test]
fn inputs() {
    let folder = Folder::new();
    let (first, second, raw) = (folder.file("first.mp4"), folder.file("second.mp4"), folder.file("raw.rgba"));
    let mut bytes = Vec::new();
    for number in 0..12 {
        bytes.extend_from_slice(picture(number).as_bytes());
    }
    fs::write(&raw, &bytes).unwrap();
    let quick = || ExporterBuilder::default().encoder("libx264").preset("ultrafast");
    let input = Input::new(&raw).raw(Format::Rgba, WIDTH, HEIGHT).fps(25);
    let report = input.export(&first, quick()).unwrap();
    assert_eq!(report.frames, 12);
    says(&probe(&first), &["nb_read_frames=12", "r_frame_rate=25/1"]);

    let report = Input::new(&first).frames(2, Some(6)).export(&second, quick()).unwrap();
    assert_eq!(report.frames, 4);
    says(&probe(&second), &["nb_read_frames=4"]);

    let failed = Input::new(folder.file("none.mkv")).export(folder.file("third.mp4"), quick()).unwrap_err();
    assert!(failed.error.message().contains("none.mkv"), "{failed}");
    let failed = Input::new("nul\0").export(folder.file("third.mp4"), quick()).unwrap_err();
    assert!(failed.error.message().contains("no zero byte"), "{failed}");
    let failed = Input::new(&first).export(&second, quick()).unwrap_err();
    assert!(matches!(failed.error, Error::Io(_)), "{failed}");
    assert!(!folder.file("third.mp4").exists());
}

#[test]
fn encoders_of_this_machine() {
    assert!(encoder_names().contains(&"libx264"));
    encoder_works("libx264").unwrap();
    assert!(matches!(encoder_works("nosuch"), Err(Error::Unavailable(text)) if text.contains("nosuch")));
    assert!(matches!(encoder_works("a\0b"), Err(Error::Invalid(_))));
    assert!(libav_versions().starts_with("libavcodec "));
    let lines = Arc::new(AtomicUsize::new(0));
    let counted = lines.clone();
    route_libav_log(Some(Box::new(move |_, _| {
        assert!(route_libav_log(None).is_err(), "from within");
        counted.fetch_add(1, Ordering::Relaxed);
    })))
    .unwrap();
    encoder_works("libx264").unwrap();
    route_libav_log(None).unwrap();
    let heard = lines.load(Ordering::Relaxed);
    encoder_works("libx264").unwrap();
    assert_eq!(lines.load(Ordering::Relaxed), heard);
}
