// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
// Made by bindgen.sh from pixfer/exporter.h; changes belong there.

use crate::bindings::*;

#[doc = " constant quality 20, or what comes closest to it on an encoder without one"]
pub const PIXFER_RATE_DEFAULT: pixfer_rate = 0;
#[doc = " rate_value = constant quality on x264's scale, 0 (lossless with libx264, libx265, libaom) to 51"]
pub const PIXFER_RATE_CRF: pixfer_rate = 1;
#[doc = " rate_value = bits per second, at least 1000"]
pub const PIXFER_RATE_BITRATE: pixfer_rate = 2;
#[doc = " rate_value × pixels per second = bits per second: 0.30 is excellent, 0.04 small"]
pub const PIXFER_RATE_BITS_PER_PIXEL: pixfer_rate = 3;
#[doc = " How the encoder is told what quality is wanted."]
pub type pixfer_rate = ::std::os::raw::c_uint;
pub const PIXFER_PROGRESS_CONTINUE: pixfer_progress_action = 0;
#[doc = " take no more frames, finalise what is there; the result is PIXFER_ERR_CANCELLED"]
pub const PIXFER_PROGRESS_FINISH: pixfer_progress_action = 1;
#[doc = " stop at once and leave OUT.part as it is; the result is PIXFER_ERR_CANCELLED"]
pub const PIXFER_PROGRESS_ABORT: pixfer_progress_action = 2;
#[doc = " What a progress callback wants done next."]
pub type pixfer_progress_action = ::std::os::raw::c_uint;
#[doc = " How far an export is. Filled by the library; members beyond struct_size are not there. Valid during the callback."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_progress {
    #[doc = " bytes of this struct that the library has filled"]
    pub struct_size: usize,
    #[doc = " encoded and handed to the writer"]
    pub frames: u64,
    #[doc = " 0 = not known"]
    pub frames_total: u64,
    #[doc = " since it was opened"]
    pub seconds: f64,
    #[doc = " frames per second of the export, over the last seconds"]
    pub fps: f64,
    #[doc = " fps over the frame rate of the video: 1 = as fast as it plays"]
    pub speed: f64,
    #[doc = " written"]
    pub bytes: u64,
    #[doc = " length of what has been encoded"]
    pub media_seconds: f64,
    #[doc = " what is at work or waited for: \"source\", \"encode\" or \"finalise\""]
    pub stage: *const ::std::os::raw::c_char,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_progress() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_progress>(),
        72usize,
        concat!("Size of: ", stringify!(pixfer_progress))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_progress>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_progress))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_frames() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).frames) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(frames))
        );
    }
    test_field_frames();
    fn test_field_frames_total() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).frames_total) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(frames_total))
        );
    }
    test_field_frames_total();
    fn test_field_seconds() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).seconds) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(seconds))
        );
    }
    test_field_seconds();
    fn test_field_fps() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fps) as usize - ptr as usize
            },
            32usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(fps))
        );
    }
    test_field_fps();
    fn test_field_speed() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).speed) as usize - ptr as usize
            },
            40usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(speed))
        );
    }
    test_field_speed();
    fn test_field_bytes() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).bytes) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(bytes))
        );
    }
    test_field_bytes();
    fn test_field_media_seconds() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).media_seconds) as usize - ptr as usize
            },
            56usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(media_seconds))
        );
    }
    test_field_media_seconds();
    fn test_field_stage() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_progress>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).stage) as usize - ptr as usize
            },
            64usize,
            concat!("Offset of field: ", stringify!(pixfer_progress), "::", stringify!(stage))
        );
    }
    test_field_stage();
}
impl Default for pixfer_progress {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
#[doc = " Called at most ten times a second, also while nothing moves, on the thread that pushes frames, runs pixfer_export or finishes, and"]
#[doc = " only from within such a call. The strongest answer so far counts: CONTINUE takes neither FINISH nor ABORT back, and ABORT after"]
#[doc = " FINISH stops the finalising too."]
pub type pixfer_progress_callback = ::std::option::Option<
    unsafe extern "C" fn(
        opaque: *mut ::std::os::raw::c_void,
        progress: *const pixfer_progress,
    ) -> pixfer_progress_action,
>;
#[doc = " A line of metadata: \"title\", \"artist\", \"comment\", \"date\", \"encoder\" and what else MP4 has a place for; UTF-8."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_metadata {
    pub key: *const ::std::os::raw::c_char,
    pub value: *const ::std::os::raw::c_char,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_metadata() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_metadata>(),
        16usize,
        concat!("Size of: ", stringify!(pixfer_metadata))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_metadata>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_metadata))
    );
    fn test_field_key() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_metadata>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).key) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_metadata), "::", stringify!(key))
        );
    }
    test_field_key();
    fn test_field_value() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_metadata>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).value) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_metadata), "::", stringify!(value))
        );
    }
    test_field_value();
}
impl Default for pixfer_metadata {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
#[doc = " Receives the next bytes of a fragmented MP4, in order, on a thread of the exporter's. Returns 0, or an errno value (EPIPE, ENOSPC),"]
#[doc = " which ends the export with PIXFER_ERR_IO. It may wait; the export, cancel's effect and close then wait with it. It is not"]
#[doc = " called any more once pixfer_exporter_close has returned."]
pub type pixfer_write_callback = ::std::option::Option<
    unsafe extern "C" fn(
        opaque: *mut ::std::os::raw::c_void,
        bytes: *const u8,
        size: usize,
    ) -> ::std::os::raw::c_int,
>;
extern "C" {
    #[doc = " A pixfer_write_callback for a file descriptor, pipe or socket: `opaque` points to an int that holds it. On Windows it is a descriptor of"]
    #[doc = " the C library that pixfer is linked with, and no socket. Thread-safety: safe."]
    pub fn pixfer_write_to_descriptor(
        opaque: *mut ::std::os::raw::c_void,
        bytes: *const u8,
        size: usize,
    ) -> ::std::os::raw::c_int;
}
pub const PIXFER_CODEC_DEFAULT: pixfer_codec = 0;
#[doc = " plays everywhere"]
pub const PIXFER_CODEC_H264: pixfer_codec = 1;
#[doc = " tagged hvc1, as Apple's players want it"]
pub const PIXFER_CODEC_HEVC: pixfer_codec = 2;
pub const PIXFER_CODEC_AV1: pixfer_codec = 3;
#[doc = " What the video is compressed as."]
pub type pixfer_codec = ::std::os::raw::c_uint;
#[repr(C)]
pub struct pixfer_exporter_params {
    #[doc = " set by PIXFER_EXPORTER_PARAMS; the library reads no further than this"]
    pub struct_size: usize,
    #[doc = " of the frames: an RGB format, YUYV or UYVY, which are converted, or NV12, I420 and, for 10 bits, P010 or I010,"]
    #[doc = "which pass through; for chroma 444 I444 and I410 do"]
    pub format: pixfer_format,
    #[doc = " pixels, 1 to 16384, any parity"]
    pub width: u32,
    #[doc = " pixels, 1 to 16384, any parity"]
    pub height: u32,
    #[doc = " frame rate; a denominator of 0 means 1. A nominal one where times are irregular."]
    pub fps_num: u32,
    #[doc = " frame rate; a denominator of 0 means 1. A nominal one where times are irregular."]
    pub fps_den: u32,
    pub time_base_num: u32,
    #[doc = " seconds in a unit of `pts`, 1/1000000 for a clock in µs; 0/0 = one frame, 1 / fps"]
    pub time_base_den: u32,
    #[doc = " for RGB what it is converted to, for NV12 and I420 what it is"]
    pub color: pixfer_color,
    #[doc = " 1: color.siting is a default that may give way to what a hardware converter can do"]
    pub any_siting: ::std::os::raw::c_int,
    #[doc = " H.273 numbers; 0 = the ones that go with the matrix, or for NV12 and its like in a file, the file's. RGB is taken as R'G'B' of this"]
    #[doc = " transfer: with 16 (PQ) or 18 (HLG) and matrix DEFAULT, the matrix is BT2020_NCL. Samples are not changed by them."]
    pub primaries: ::std::os::raw::c_int,
    #[doc = " H.273 numbers; 0 = the ones that go with the matrix, or for NV12 and its like in a file, the file's. RGB is taken as R'G'B' of this"]
    #[doc = " transfer: with 16 (PQ) or 18 (HLG) and matrix DEFAULT, the matrix is BT2020_NCL. Samples are not changed by them."]
    pub transfer: ::std::os::raw::c_int,
    pub converter: pixfer_backend,
    #[doc = " 1, with converter AUTO: measure the converters that are there and keep the quickest"]
    pub fastest_converter: ::std::os::raw::c_int,
    #[doc = " as in pixfer_converter_params"]
    pub cpu: *const ::std::os::raw::c_char,
    #[doc = " 0 = choose"]
    pub convert_threads: ::std::os::raw::c_uint,
    #[doc = " A libavcodec encoder for H.264, HEVC or AV1, or NULL: the platform's hardware if it proves to work, then software."]
    pub encoder: *const ::std::os::raw::c_char,
    #[doc = " x264's name (\"ultrafast\" ... \"veryslow\"), translated for other encoders, or the encoder's own; NULL = choose."]
    pub preset: *const ::std::os::raw::c_char,
    pub rate: pixfer_rate,
    pub rate_value: f64,
    #[doc = " 0 = choose"]
    pub encoder_threads: ::std::os::raw::c_uint,
    #[doc = " of pixfer_exporter_push_audio: Hz, 1 to 8; both 0 = no audio"]
    pub sample_rate: u32,
    #[doc = " of pixfer_exporter_push_audio: Hz, 1 to 8; both 0 = no audio"]
    pub channels: u32,
    #[doc = " budget for frames being converted, waiting and being encoded; 0 = 40 MB. Three frames are always allowed."]
    pub queue_bytes: usize,
    #[doc = " 1: replace an existing OUT or OUT.part; 0: refuse before doing any work"]
    pub overwrite: ::std::os::raw::c_int,
    #[doc = " Called from any thread that calls in, and the exporter's own, one line at a time. NULL = silent, see PIXFER_LOG in convert.h"]
    pub log: pixfer_log_callback,
    pub log_opaque: *mut ::std::os::raw::c_void,
    #[doc = " may be NULL"]
    pub progress: pixfer_progress_callback,
    pub progress_opaque: *mut ::std::os::raw::c_void,
    #[doc = " Receives the line of the error for which pixfer_exporter_open fails, cut to error_size; else \"\". NULL = not wanted."]
    pub error: *mut ::std::os::raw::c_char,
    pub error_size: usize,
    #[doc = " 0: the first frame is time 0 whatever its pts is, and audio with a pts keeps its distance to it; what is before it is cut."]
    #[doc = " 1: time 0 is pts 0. Nothing is shown before the first frame; frames and audio with a pts below 0 are refused and cut."]
    pub keep_start: ::std::os::raw::c_int,
    #[doc = " most frames from one key frame to the next; 0 = the encoder's own choice"]
    pub gop: u32,
    #[doc = " a libavcodec audio encoder that MP4 can hold (\"aac\", \"alac\", \"libopus\", \"flac\"); NULL = AAC"]
    pub audio_codec: *const ::std::os::raw::c_char,
    #[doc = " bits per second for all channels, 1000 to 10^7; 0 = 96000 for each. Lossless codecs ignore it."]
    pub audio_bitrate: u32,
    #[doc = " 0, 90, 180, 270: degrees clockwise by which players turn the frames for display"]
    pub rotation: u32,
    #[doc = " width : height of a pixel; 0/0 = square"]
    pub sample_aspect_num: u32,
    #[doc = " width : height of a pixel; 0/0 = square"]
    pub sample_aspect_den: u32,
    #[doc = " metadata_count lines; copied by open"]
    pub metadata: *const pixfer_metadata,
    pub metadata_count: usize,
    #[doc = " NULL = the file called `path`. Else the export is a fragmented MP4 that is handed to this callback as it grows, and nothing is"]
    #[doc = " created on disk: for pipes, sockets and uploads. `path` may be NULL then, and only names the output in messages."]
    pub write: pixfer_write_callback,
    pub write_opaque: *mut ::std::os::raw::c_void,
    #[doc = " DEFAULT = that of the encoder named, else H.264"]
    pub codec: pixfer_codec,
    #[doc = " Bits of a sample: 8 or 10; 0 = 10 where frames have more than 8 and the codec is HEVC or AV1, else 8. H.264 has 8: players decode no"]
    #[doc = " other. What is lost is said in a line of the log."]
    pub depth: ::std::os::raw::c_uint,
    #[doc = " 420 or 444; 0 = 420. 444 keeps the chroma of every pixel: thin red text on a screen stays as it was. It is for editing and for"]
    #[doc = " players of one's own: no browser's hardware, television or telephone decodes it. libx264 (8 bits), libx265 and libaom-av1 (8 and 10)"]
    #[doc = " take it, and NVENC's H.264 and HEVC (8); others refuse. siting has no meaning there. I444 and I410 frames pass through to it."]
    pub chroma: ::std::os::raw::c_uint,
    #[doc = " Of RGB frames that have one, over 0xRRGGBB, as convert.h defines it. What DROP loses is said in a line of the log if the first frame"]
    #[doc = " has alpha below full, and not 0 everywhere, which is padding. Not for frames of a Vulkan device."]
    pub alpha: pixfer_alpha,
    pub background: u32,
    #[doc = " What PQ and HLG say of their light (SMPTE ST 2086, CTA-861.3); by default what the input says. It goes into the file's `mdcv` and `clli`"]
    #[doc = " boxes and, by libx264, libx265 and hardware that takes it from frames, into the stream. mastering_display is x265's text,"]
    #[doc = " \"G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)\" for a P3 display of 0.0001 to 1000 cd/m²: x and y in 1/50000, light"]
    #[doc = " in 1/10000 cd/m². NULL = not said."]
    pub mastering_display: *const ::std::os::raw::c_char,
    #[doc = " cd/m² of the brightest pixel, and of the brightest frame's mean; 0 = not said"]
    pub max_cll: u32,
    #[doc = " cd/m² of the brightest pixel, and of the brightest frame's mean; 0 = not said"]
    pub max_fall: u32,
    #[doc = " 1: both are measured, of RGB frames of PQ: a pixel's light is that of its brightest component. They are known at the end, and so in"]
    #[doc = " `clli` of the finished file only; not for `write`, segments, and frames of a Vulkan device. It takes some 4 ns a pixel."]
    pub measure_light: ::std::os::raw::c_int,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_exporter_params() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_exporter_params>(),
        312usize,
        concat!("Size of: ", stringify!(pixfer_exporter_params))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_exporter_params>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_exporter_params))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_format() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).format) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(format))
        );
    }
    test_field_format();
    fn test_field_width() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).width) as usize - ptr as usize
            },
            12usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(width))
        );
    }
    test_field_width();
    fn test_field_height() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).height) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(height))
        );
    }
    test_field_height();
    fn test_field_fps_num() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fps_num) as usize - ptr as usize
            },
            20usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(fps_num))
        );
    }
    test_field_fps_num();
    fn test_field_fps_den() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fps_den) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(fps_den))
        );
    }
    test_field_fps_den();
    fn test_field_time_base_num() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).time_base_num) as usize - ptr as usize
            },
            28usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(time_base_num))
        );
    }
    test_field_time_base_num();
    fn test_field_time_base_den() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).time_base_den) as usize - ptr as usize
            },
            32usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(time_base_den))
        );
    }
    test_field_time_base_den();
    fn test_field_color() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).color) as usize - ptr as usize
            },
            36usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(color))
        );
    }
    test_field_color();
    fn test_field_any_siting() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).any_siting) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(any_siting))
        );
    }
    test_field_any_siting();
    fn test_field_primaries() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).primaries) as usize - ptr as usize
            },
            52usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(primaries))
        );
    }
    test_field_primaries();
    fn test_field_transfer() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).transfer) as usize - ptr as usize
            },
            56usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(transfer))
        );
    }
    test_field_transfer();
    fn test_field_converter() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).converter) as usize - ptr as usize
            },
            60usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(converter))
        );
    }
    test_field_converter();
    fn test_field_fastest_converter() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fastest_converter) as usize - ptr as usize
            },
            64usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(fastest_converter)
            )
        );
    }
    test_field_fastest_converter();
    fn test_field_cpu() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).cpu) as usize - ptr as usize
            },
            72usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(cpu))
        );
    }
    test_field_cpu();
    fn test_field_convert_threads() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).convert_threads) as usize - ptr as usize
            },
            80usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(convert_threads)
            )
        );
    }
    test_field_convert_threads();
    fn test_field_encoder() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).encoder) as usize - ptr as usize
            },
            88usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(encoder))
        );
    }
    test_field_encoder();
    fn test_field_preset() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).preset) as usize - ptr as usize
            },
            96usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(preset))
        );
    }
    test_field_preset();
    fn test_field_rate() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).rate) as usize - ptr as usize
            },
            104usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(rate))
        );
    }
    test_field_rate();
    fn test_field_rate_value() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).rate_value) as usize - ptr as usize
            },
            112usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(rate_value))
        );
    }
    test_field_rate_value();
    fn test_field_encoder_threads() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).encoder_threads) as usize - ptr as usize
            },
            120usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(encoder_threads)
            )
        );
    }
    test_field_encoder_threads();
    fn test_field_sample_rate() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).sample_rate) as usize - ptr as usize
            },
            124usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(sample_rate))
        );
    }
    test_field_sample_rate();
    fn test_field_channels() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).channels) as usize - ptr as usize
            },
            128usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(channels))
        );
    }
    test_field_channels();
    fn test_field_queue_bytes() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).queue_bytes) as usize - ptr as usize
            },
            136usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(queue_bytes))
        );
    }
    test_field_queue_bytes();
    fn test_field_overwrite() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).overwrite) as usize - ptr as usize
            },
            144usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(overwrite))
        );
    }
    test_field_overwrite();
    fn test_field_log() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).log) as usize - ptr as usize
            },
            152usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(log))
        );
    }
    test_field_log();
    fn test_field_log_opaque() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).log_opaque) as usize - ptr as usize
            },
            160usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(log_opaque))
        );
    }
    test_field_log_opaque();
    fn test_field_progress() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).progress) as usize - ptr as usize
            },
            168usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(progress))
        );
    }
    test_field_progress();
    fn test_field_progress_opaque() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).progress_opaque) as usize - ptr as usize
            },
            176usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(progress_opaque)
            )
        );
    }
    test_field_progress_opaque();
    fn test_field_error() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).error) as usize - ptr as usize
            },
            184usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(error))
        );
    }
    test_field_error();
    fn test_field_error_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).error_size) as usize - ptr as usize
            },
            192usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(error_size))
        );
    }
    test_field_error_size();
    fn test_field_keep_start() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).keep_start) as usize - ptr as usize
            },
            200usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(keep_start))
        );
    }
    test_field_keep_start();
    fn test_field_gop() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).gop) as usize - ptr as usize
            },
            204usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(gop))
        );
    }
    test_field_gop();
    fn test_field_audio_codec() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).audio_codec) as usize - ptr as usize
            },
            208usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(audio_codec))
        );
    }
    test_field_audio_codec();
    fn test_field_audio_bitrate() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).audio_bitrate) as usize - ptr as usize
            },
            216usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(audio_bitrate))
        );
    }
    test_field_audio_bitrate();
    fn test_field_rotation() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).rotation) as usize - ptr as usize
            },
            220usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(rotation))
        );
    }
    test_field_rotation();
    fn test_field_sample_aspect_num() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).sample_aspect_num) as usize - ptr as usize
            },
            224usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(sample_aspect_num)
            )
        );
    }
    test_field_sample_aspect_num();
    fn test_field_sample_aspect_den() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).sample_aspect_den) as usize - ptr as usize
            },
            228usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(sample_aspect_den)
            )
        );
    }
    test_field_sample_aspect_den();
    fn test_field_metadata() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).metadata) as usize - ptr as usize
            },
            232usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(metadata))
        );
    }
    test_field_metadata();
    fn test_field_metadata_count() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).metadata_count) as usize - ptr as usize
            },
            240usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(metadata_count)
            )
        );
    }
    test_field_metadata_count();
    fn test_field_write() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).write) as usize - ptr as usize
            },
            248usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(write))
        );
    }
    test_field_write();
    fn test_field_write_opaque() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).write_opaque) as usize - ptr as usize
            },
            256usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(write_opaque))
        );
    }
    test_field_write_opaque();
    fn test_field_codec() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).codec) as usize - ptr as usize
            },
            264usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(codec))
        );
    }
    test_field_codec();
    fn test_field_depth() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).depth) as usize - ptr as usize
            },
            268usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(depth))
        );
    }
    test_field_depth();
    fn test_field_chroma() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).chroma) as usize - ptr as usize
            },
            272usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(chroma))
        );
    }
    test_field_chroma();
    fn test_field_alpha() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).alpha) as usize - ptr as usize
            },
            276usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(alpha))
        );
    }
    test_field_alpha();
    fn test_field_background() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).background) as usize - ptr as usize
            },
            280usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(background))
        );
    }
    test_field_background();
    fn test_field_mastering_display() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).mastering_display) as usize - ptr as usize
            },
            288usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_params),
                "::",
                stringify!(mastering_display)
            )
        );
    }
    test_field_mastering_display();
    fn test_field_max_cll() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).max_cll) as usize - ptr as usize
            },
            296usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(max_cll))
        );
    }
    test_field_max_cll();
    fn test_field_max_fall() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).max_fall) as usize - ptr as usize
            },
            300usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(max_fall))
        );
    }
    test_field_max_fall();
    fn test_field_measure_light() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).measure_light) as usize - ptr as usize
            },
            304usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_params), "::", stringify!(measure_light))
        );
    }
    test_field_measure_light();
}
impl Default for pixfer_exporter_params {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
#[doc = " What an export did. The stages overlap, so their times add up to more than wall_s where the machine has cores for it."]
#[repr(C)]
pub struct pixfer_exporter_stats {
    #[doc = " set by PIXFER_EXPORTER_STATS(); the library writes no further than this. 0 = the size in 0.2.0"]
    pub struct_size: usize,
    #[doc = " in the file"]
    pub frames: u64,
    #[doc = " from open to the end of finish"]
    pub wall_s: f64,
    #[doc = " frames / wall_s"]
    pub fps: f64,
    #[doc = " reading and decoding"]
    pub source_s: f64,
    #[doc = " converting; for frames that pass through, copying them where they had to be copied"]
    pub convert_s: f64,
    #[doc = " inside the encoder"]
    pub encode_s: f64,
    #[doc = " writing, flushing and finalising"]
    pub mux_s: f64,
    #[doc = " processor time of the whole process meanwhile"]
    pub cpu_s: f64,
    #[doc = " largest resident size of the process so far; 0 = the system does not tell"]
    pub peak_rss_bytes: u64,
    #[doc = " the converter in charge at the end; AUTO = nothing was converted"]
    pub backend: pixfer_backend,
    pub backend_name: [::std::os::raw::c_char; 16usize],
    pub isa: [::std::os::raw::c_char; 16usize],
    pub exact: ::std::os::raw::c_int,
    #[doc = " \"\" = none"]
    pub fallback_reason: [::std::os::raw::c_char; 256usize],
    #[doc = " frames"]
    pub converted: u64,
    pub encoder: [::std::os::raw::c_char; 32usize],
    #[doc = " size of the file"]
    pub bytes: u64,
    #[doc = " 1: the export failed or was aborted, and OUT.part holds part_frames playable frames"]
    pub part_kept: ::std::os::raw::c_int,
    pub part_frames: u64,
    pub measured: [::std::os::raw::c_char; 160usize],
    pub acceleration: [::std::os::raw::c_char; 16usize],
    pub transfer_wall_s: f64,
    pub transfer_cpu_s: f64,
    pub transfer_process_cpu_s: f64,
    #[doc = " packets of the input that could not be decoded and were left out"]
    pub skipped: u64,
    #[doc = " frames that push and try_push refused for their size, format, memory or pts"]
    pub refused: u64,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_exporter_stats() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_exporter_stats>(),
        656usize,
        concat!("Size of: ", stringify!(pixfer_exporter_stats))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_exporter_stats>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_exporter_stats))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_frames() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).frames) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(frames))
        );
    }
    test_field_frames();
    fn test_field_wall_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).wall_s) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(wall_s))
        );
    }
    test_field_wall_s();
    fn test_field_fps() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fps) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(fps))
        );
    }
    test_field_fps();
    fn test_field_source_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).source_s) as usize - ptr as usize
            },
            32usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(source_s))
        );
    }
    test_field_source_s();
    fn test_field_convert_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).convert_s) as usize - ptr as usize
            },
            40usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(convert_s))
        );
    }
    test_field_convert_s();
    fn test_field_encode_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).encode_s) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(encode_s))
        );
    }
    test_field_encode_s();
    fn test_field_mux_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).mux_s) as usize - ptr as usize
            },
            56usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(mux_s))
        );
    }
    test_field_mux_s();
    fn test_field_cpu_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).cpu_s) as usize - ptr as usize
            },
            64usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(cpu_s))
        );
    }
    test_field_cpu_s();
    fn test_field_peak_rss_bytes() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).peak_rss_bytes) as usize - ptr as usize
            },
            72usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(peak_rss_bytes))
        );
    }
    test_field_peak_rss_bytes();
    fn test_field_backend() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).backend) as usize - ptr as usize
            },
            80usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(backend))
        );
    }
    test_field_backend();
    fn test_field_backend_name() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).backend_name) as usize - ptr as usize
            },
            84usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(backend_name))
        );
    }
    test_field_backend_name();
    fn test_field_isa() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).isa) as usize - ptr as usize
            },
            100usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(isa))
        );
    }
    test_field_isa();
    fn test_field_exact() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).exact) as usize - ptr as usize
            },
            116usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(exact))
        );
    }
    test_field_exact();
    fn test_field_fallback_reason() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fallback_reason) as usize - ptr as usize
            },
            120usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_stats),
                "::",
                stringify!(fallback_reason)
            )
        );
    }
    test_field_fallback_reason();
    fn test_field_converted() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).converted) as usize - ptr as usize
            },
            376usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(converted))
        );
    }
    test_field_converted();
    fn test_field_encoder() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).encoder) as usize - ptr as usize
            },
            384usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(encoder))
        );
    }
    test_field_encoder();
    fn test_field_bytes() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).bytes) as usize - ptr as usize
            },
            416usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(bytes))
        );
    }
    test_field_bytes();
    fn test_field_part_kept() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).part_kept) as usize - ptr as usize
            },
            424usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(part_kept))
        );
    }
    test_field_part_kept();
    fn test_field_part_frames() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).part_frames) as usize - ptr as usize
            },
            432usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(part_frames))
        );
    }
    test_field_part_frames();
    fn test_field_measured() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).measured) as usize - ptr as usize
            },
            440usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(measured))
        );
    }
    test_field_measured();
    fn test_field_acceleration() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).acceleration) as usize - ptr as usize
            },
            600usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(acceleration))
        );
    }
    test_field_acceleration();
    fn test_field_transfer_wall_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).transfer_wall_s) as usize - ptr as usize
            },
            616usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_stats),
                "::",
                stringify!(transfer_wall_s)
            )
        );
    }
    test_field_transfer_wall_s();
    fn test_field_transfer_cpu_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).transfer_cpu_s) as usize - ptr as usize
            },
            624usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(transfer_cpu_s))
        );
    }
    test_field_transfer_cpu_s();
    fn test_field_transfer_process_cpu_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).transfer_process_cpu_s) as usize - ptr as usize
            },
            632usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_exporter_stats),
                "::",
                stringify!(transfer_process_cpu_s)
            )
        );
    }
    test_field_transfer_process_cpu_s();
    fn test_field_skipped() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).skipped) as usize - ptr as usize
            },
            640usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(skipped))
        );
    }
    test_field_skipped();
    fn test_field_refused() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_stats>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).refused) as usize - ptr as usize
            },
            648usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_stats), "::", stringify!(refused))
        );
    }
    test_field_refused();
}
impl Default for pixfer_exporter_stats {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
#[doc = " An export in progress. What it answers to wrong calls, to errors and to threads is said at the top."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_exporter {
    _unused: [u8; 0],
}
extern "C" {
    #[doc = " Checks the parameters, opens converter and encoder, and creates OUT.part. On failure *out is NULL, nothing is left on disk,"]
    #[doc = " and the log and params.error have one line that names the stage, what was found and what was expected. pixfer_exporter_close"]
    #[doc = " frees what it gives."]
    #[doc = ""]
    #[doc = " Errors: INVALID, UNSUPPORTED, UNAVAILABLE (the encoder or converter asked for), NO_MEMORY, IO (the output cannot be created,"]
    #[doc = " or exists)."]
    #[doc = ""]
    #[doc = " Thread-safety: safe; several exporters may work at a time."]
    pub fn pixfer_exporter_open(
        out: *mut *mut pixfer_exporter,
        path: *const ::std::os::raw::c_char,
        params: *const pixfer_exporter_params,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Hands over one frame. It is converted, or for NV12 and I420 copied, into the encoder's own frame before the call returns;"]
    #[doc = " the caller's memory is not used afterwards. Waits while the encoder is behind by the queue's budget: nothing is dropped."]
    #[doc = ""]
    #[doc = " A frame of another size or format, with a NULL plane or a short stride, or whose pts is not above the one before, too far behind"]
    #[doc = " it, or within a pause is refused: INVALID, one line, counted in stats.refused, and the export goes on. So a frame that comes late is"]
    #[doc = " lost alone."]
    #[doc = ""]
    #[doc = " Errors: INVALID as above; CANCELLED once the export is cancelled or the progress callback asked for its end (then finish);"]
    #[doc = " else the export's first error."]
    #[doc = ""]
    #[doc = " Thread-safety: one thread at a time for push, try_push, pause, resume and finish."]
    pub fn pixfer_exporter_push(
        e: *mut pixfer_exporter,
        image: *const pixfer_image,
        pts: i64,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " pixfer_exporter_push without waiting: PIXFER_ERR_AGAIN, without a line, and nothing is taken, where the queue is full. The same pts"]
    #[doc = " may be tried again."]
    pub fn pixfer_exporter_try_push(
        e: *mut pixfer_exporter,
        image: *const pixfer_image,
        pts: i64,
    ) -> pixfer_result;
}
#[doc = " How full the queue is."]
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct pixfer_exporter_queue {
    #[doc = " set by PIXFER_EXPORTER_QUEUE(), as in pixfer_exporter_stats"]
    pub struct_size: usize,
    #[doc = " converted and waiting for the encoder"]
    pub frames: u32,
    #[doc = " at this number pixfer_exporter_push waits"]
    pub capacity: u32,
    #[doc = " that these frames hold"]
    pub bytes: u64,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_exporter_queue() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_exporter_queue>(),
        24usize,
        concat!("Size of: ", stringify!(pixfer_exporter_queue))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_exporter_queue>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_exporter_queue))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_queue>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_queue), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_frames() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_queue>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).frames) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_queue), "::", stringify!(frames))
        );
    }
    test_field_frames();
    fn test_field_capacity() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_queue>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).capacity) as usize - ptr as usize
            },
            12usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_queue), "::", stringify!(capacity))
        );
    }
    test_field_capacity();
    fn test_field_bytes() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_exporter_queue>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).bytes) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_exporter_queue), "::", stringify!(bytes))
        );
    }
    test_field_bytes();
}
extern "C" {
    #[doc = " Also during and after finish. Thread-safety: any thread."]
    pub fn pixfer_exporter_get_queue(
        e: *mut pixfer_exporter,
        queue: *mut pixfer_exporter_queue,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Hands over `count` samples for each channel, interleaved 32-bit floats from -1 to 1, that follow the ones before; the first belong"]
    #[doc = " to time 0. They are copied. At the end, missing audio is filled with silence and surplus cut, both at the end of the last"]
    #[doc = " frame and to the sample, so audio may be short or long."]
    #[doc = ""]
    #[doc = " What is ahead of the frames waits in memory, 256 MB at most. Where that is full, audio from a thread of its own waits for the"]
    #[doc = " frames, and audio from the frames' thread gets PIXFER_ERR_AGAIN, and nothing is taken."]
    #[doc = ""]
    #[doc = " Errors: INVALID (no audio in the parameters, samples NULL, in a pause; a line, and the export goes on; after finish: one line), AGAIN,"]
    #[doc = " CANCELLED, else the export's first error."]
    #[doc = ""]
    #[doc = " Thread-safety: one thread at a time for push_audio and push_audio_at, the frames' or another one."]
    pub fn pixfer_exporter_push_audio(
        e: *mut pixfer_exporter,
        samples: *const f32,
        count: usize,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " pixfer_exporter_push_audio with a time of its own: `pts`, in samples (1 / sample_rate s), on the same clock as the frames' pts, says"]
    #[doc = " when the first of these samples is heard: beside a frame with pts p (in time base units) that is p × time_base × sample_rate."]
    #[doc = " It may come before the first frame. A hole up to where the samples before ended is filled with silence (more than an hour is refused),"]
    #[doc = " an overlap is cut, and so is what lies before time 0. Before the first frame has come, samples with and without times do not mix."]
    pub fn pixfer_exporter_push_audio_at(
        e: *mut pixfer_exporter,
        samples: *const f32,
        count: usize,
        pts: i64,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Takes the time from pause to resume, both on the clock of the frames' pts, out of the export: what is shown and heard after it follows"]
    #[doc = " what was before. The last frame is shown until the pause begins. Between the two calls frames and audio are refused. After"]
    #[doc = " resume, pts go on as the clock does: frames before resume's pts are refused, audio with a pts before it is cut."]
    #[doc = ""]
    #[doc = " Errors: INVALID where pause is before the last frame, resume before pause, or one of them out of turn: a line, and nothing changes."]
    #[doc = ""]
    #[doc = " Thread-safety: with the frames."]
    pub fn pixfer_exporter_pause(e: *mut pixfer_exporter, pts: i64) -> pixfer_result;
}
extern "C" {
    pub fn pixfer_exporter_resume(e: *mut pixfer_exporter, pts: i64) -> pixfer_result;
}
extern "C" {
    #[doc = " Encodes what is waiting, finalises the file and gives it its name. `stats` may be NULL; it is filled on failure too. In a pause it"]
    #[doc = " ends the file with the last frame, which is shown for 1 / fps as ever. Samples that another thread still pushes are refused from"]
    #[doc = " here on."]
    #[doc = ""]
    #[doc = " OK: the file is complete. CANCELLED: after the progress callback's FINISH it is complete too (stats.bytes is its size); after ABORT"]
    #[doc = " OUT.part stays, cut to its last complete fragment, unless it holds no frame (stats.part_kept); after cancel nothing stays. After an"]
    #[doc = " error it finalises nothing: OUT.part stays as after ABORT, and the first error is answered. Without a frame: INVALID, and nothing"]
    #[doc = " stays. A second finish is refused with a line."]
    #[doc = ""]
    #[doc = " Thread-safety: with the frames."]
    pub fn pixfer_exporter_finish(
        e: *mut pixfer_exporter,
        stats: *mut pixfer_exporter_stats,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Stops the export and gives it up: calls that wait, finish too, return PIXFER_ERR_CANCELLED within about a second, and OUT.part is"]
    #[doc = " removed by close. Once finish has completed the file it does nothing."]
    #[doc = ""]
    #[doc = " No call of an encoder can be interrupted. One that does not return is not waited for, here and after ABORT, longer than half a"]
    #[doc = " second: the file is closed and the caller goes on; the thread that is inside the encoder frees what it holds when it returns. Until"]
    #[doc = " then the program must not unload the library."]
    #[doc = ""]
    #[doc = " Thread-safety: any thread, at any time between open and close, from callbacks too."]
    pub fn pixfer_exporter_cancel(e: *mut pixfer_exporter);
}
extern "C" {
    #[doc = " The line of the error that ended the export, \"\" if there is none: refused calls are not errors of the export. The text does not"]
    #[doc = " change, and is valid until close. Thread-safety: any thread."]
    pub fn pixfer_exporter_error(e: *mut pixfer_exporter) -> *const ::std::os::raw::c_char;
}
extern "C" {
    #[doc = " Stops what runs, frees everything; NULL-safe in both senses, sets *e to NULL. Allowed in every state. Without finish, OUT.part is"]
    #[doc = " removed, unless an error ended the export: then what is playable is kept, as finish does."]
    #[doc = ""]
    #[doc = " Thread-safety: when no other call is at work, and none follows."]
    pub fn pixfer_exporter_close(e: *mut *mut pixfer_exporter);
}
#[doc = " What pixfer_export reads."]
#[repr(C)]
pub struct pixfer_input {
    #[doc = " set by PIXFER_INPUT"]
    pub struct_size: usize,
    #[doc = " \"-\" for raw frames on standard input, a file with raw frames, a numbered sequence (\"frames/%05d.png\", \"shot%03d/beauty.png\"), or"]
    #[doc = " anything that libavformat opens. Frames are raw where `format` and `width` are set."]
    pub name: *const ::std::os::raw::c_char,
    pub format: pixfer_format,
    pub width: u32,
    pub height: u32,
    #[doc = " bytes from row to row of raw packed frames; 0 = rows without gaps"]
    pub stride: usize,
    #[doc = " 0 = the input's own times, or 30 where it has none; else frames follow at this rate"]
    pub fps_num: u32,
    #[doc = " 0 = the input's own times, or 30 where it has none; else frames follow at this rate"]
    pub fps_den: u32,
    #[doc = " how often the input plays; 0 and 1 = once. It is read again, so a pipe cannot."]
    pub loop_: u64,
    #[doc = " of all those frames only [first, end), counted from 0; end 0 = to the last"]
    pub first: u64,
    #[doc = " of all those frames only [first, end), counted from 0; end 0 = to the last"]
    pub end: u64,
    #[doc = " file whose audio is used instead of the input's own"]
    pub audio: *const ::std::os::raw::c_char,
    pub no_audio: ::std::os::raw::c_int,
    #[doc = " 1: params.color says what NV12 and I420 frames are, even if the file says otherwise"]
    pub color_given: ::std::os::raw::c_int,
    #[doc = " 1: the export ends with the shorter of video and audio; 0: a last frame is held to the audio's end"]
    pub shortest: ::std::os::raw::c_int,
    #[doc = " 1: with fps_num, the audio is sped up or slowed down with the frames"]
    pub retime: ::std::os::raw::c_int,
    #[doc = " 1: what cannot be decoded, or only in part, ends the export; 0: it is skipped, counted and reported"]
    pub stop_on_error: ::std::os::raw::c_int,
    #[doc = " frames of more pixels are refused before memory is got for them; 0 = 16384 × 16384"]
    pub max_pixels: u64,
    #[doc = " seconds; a longer hole in the input's times is closed to this length and reported; 0 = 10"]
    pub max_gap: f64,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_input() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_input>(),
        120usize,
        concat!("Size of: ", stringify!(pixfer_input))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_input>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_input))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_name() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).name) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(name))
        );
    }
    test_field_name();
    fn test_field_format() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).format) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(format))
        );
    }
    test_field_format();
    fn test_field_width() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).width) as usize - ptr as usize
            },
            20usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(width))
        );
    }
    test_field_width();
    fn test_field_height() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).height) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(height))
        );
    }
    test_field_height();
    fn test_field_stride() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).stride) as usize - ptr as usize
            },
            32usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(stride))
        );
    }
    test_field_stride();
    fn test_field_fps_num() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fps_num) as usize - ptr as usize
            },
            40usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(fps_num))
        );
    }
    test_field_fps_num();
    fn test_field_fps_den() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fps_den) as usize - ptr as usize
            },
            44usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(fps_den))
        );
    }
    test_field_fps_den();
    fn test_field_loop() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).loop_) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(loop_))
        );
    }
    test_field_loop();
    fn test_field_first() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).first) as usize - ptr as usize
            },
            56usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(first))
        );
    }
    test_field_first();
    fn test_field_end() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).end) as usize - ptr as usize
            },
            64usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(end))
        );
    }
    test_field_end();
    fn test_field_audio() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).audio) as usize - ptr as usize
            },
            72usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(audio))
        );
    }
    test_field_audio();
    fn test_field_no_audio() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).no_audio) as usize - ptr as usize
            },
            80usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(no_audio))
        );
    }
    test_field_no_audio();
    fn test_field_color_given() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).color_given) as usize - ptr as usize
            },
            84usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(color_given))
        );
    }
    test_field_color_given();
    fn test_field_shortest() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).shortest) as usize - ptr as usize
            },
            88usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(shortest))
        );
    }
    test_field_shortest();
    fn test_field_retime() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).retime) as usize - ptr as usize
            },
            92usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(retime))
        );
    }
    test_field_retime();
    fn test_field_stop_on_error() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).stop_on_error) as usize - ptr as usize
            },
            96usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(stop_on_error))
        );
    }
    test_field_stop_on_error();
    fn test_field_max_pixels() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).max_pixels) as usize - ptr as usize
            },
            104usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(max_pixels))
        );
    }
    test_field_max_pixels();
    fn test_field_max_gap() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_input>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).max_gap) as usize - ptr as usize
            },
            112usize,
            concat!("Offset of field: ", stringify!(pixfer_input), "::", stringify!(max_gap))
        );
    }
    test_field_max_gap();
}
impl Default for pixfer_input {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
extern "C" {
    #[doc = " Exports an input to its end. Of `params`, format, size, rate, time base and audio are taken from the input. Raw RGB that can"]
    #[doc = " be converted by rows is read some rows at a time and converted while they are in the cache: such a frame never exists as a"]
    #[doc = " whole. `stats` may be NULL."]
    #[doc = ""]
    #[doc = " The input's audio is copied if MP4 can hold it as it is, else encoded as AAC; it starts where the first frame starts, and is"]
    #[doc = " cut or, for `audio`, filled with silence at the end of the last."]
    #[doc = ""]
    #[doc = " On PIXFER_ERR_CANCELLED the progress callback asked for the end; with FINISH the file is complete up to there. An input that"]
    #[doc = " ends inside a frame, or cannot be decoded further, ends the export with PIXFER_ERR_IO after finalising the frames before it."]
    #[doc = " `error`, if not NULL, receives the line that tells the first error."]
    #[doc = ""]
    #[doc = " Thread-safety: safe. The calling thread reads and converts; encoder and writer have threads of their own."]
    pub fn pixfer_export(
        path: *const ::std::os::raw::c_char,
        input: *const pixfer_input,
        params: *const pixfer_exporter_params,
        stats: *mut pixfer_exporter_stats,
        error: *mut ::std::os::raw::c_char,
        error_size: usize,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " The encoders that `encoder = NULL` tries, those of the codec wanted, in its order, NULL-terminated. Thread-safety: safe."]
    pub fn pixfer_encoder_names() -> *const *const ::std::os::raw::c_char;
}
extern "C" {
    #[doc = " Opens the encoder for a small frame and, if it is hardware, has it encode one. Returns 1 if that works, else 0 with one line in"]
    #[doc = " `reason`. Thread-safety: safe."]
    pub fn pixfer_encoder_works(
        name: *const ::std::os::raw::c_char,
        reason: *mut ::std::os::raw::c_char,
        size: usize,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    #[doc = " Routes the messages of the FFmpeg libraries, which are one stream for the whole process, to `log`; NULL silences them. It sets FFmpeg's"]
    #[doc = " log callback for the process, which nothing else here does: without this call what encoders and decoders of exports say is"]
    #[doc = " silent, whatever the program does with the messages of its own use of FFmpeg. It is with them that an encoder which does not"]
    #[doc = " open is explained in its own words. After it has returned, the `log` and `opaque` of before are not used any more."]
    #[doc = ""]
    #[doc = " Thread-safety: safe, but not from within `log`."]
    pub fn pixfer_exporter_route_libav_log(log: pixfer_log_callback, opaque: *mut ::std::os::raw::c_void);
}
extern "C" {
    #[doc = " The versions of the FFmpeg libraries in use, as \"libavcodec 59.37.100, libavformat 59.27.100\". Thread-safety: safe."]
    pub fn pixfer_exporter_libav_versions() -> *const ::std::os::raw::c_char;
}
