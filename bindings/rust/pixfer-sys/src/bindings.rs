// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
// Made by bindgen.sh from pixfer/pixfer.h; changes belong there.

pub const PIXFER_OK: pixfer_result = 0;
#[doc = " an argument is wrong; the log line says which, what was found and what was expected"]
pub const PIXFER_ERR_INVALID: pixfer_result = -1;
#[doc = " the argument is meaningful, but this build or backend cannot do it"]
pub const PIXFER_ERR_UNSUPPORTED: pixfer_result = -2;
pub const PIXFER_ERR_NO_MEMORY: pixfer_result = -3;
#[doc = " the hardware, instruction set or backend is absent here"]
pub const PIXFER_ERR_UNAVAILABLE: pixfer_result = -4;
#[doc = " the hardware or its driver failed while running"]
pub const PIXFER_ERR_DEVICE: pixfer_result = -5;
pub const PIXFER_ERR_IO: pixfer_result = -6;
pub const PIXFER_ERR_CANCELLED: pixfer_result = -7;
#[doc = " nothing is wrong, but it cannot be done now without waiting"]
pub const PIXFER_ERR_AGAIN: pixfer_result = -8;
#[doc = " What every call that can fail answers: zero is success, negative is failure."]
#[doc = " A failed call has written nothing that the caller could mistake for a result, unless its own text says so."]
pub type pixfer_result = ::std::os::raw::c_int;
extern "C" {
    #[doc = " One short English phrase for a result, also for numbers that are not in the list. Never NULL. Thread-safety: safe."]
    pub fn pixfer_strerror(r: pixfer_result) -> *const ::std::os::raw::c_char;
}
pub const PIXFER_LOG_ERROR: pixfer_log_level = 0;
pub const PIXFER_LOG_WARNING: pixfer_log_level = 1;
pub const PIXFER_LOG_INFO: pixfer_log_level = 2;
pub const PIXFER_LOG_DEBUG: pixfer_log_level = 3;
#[doc = " How loud a log line is. A callback receives every line and decides by itself."]
pub type pixfer_log_level = ::std::os::raw::c_uint;
#[doc = " Receives one line without a newline; `message` is valid during the call only."]
#[doc = " Thread-safety: may be called from any thread that calls into pixfer and from its workers, so it must be thread-safe itself;"]
#[doc = " it must not call back into the object that logs."]
pub type pixfer_log_callback = ::std::option::Option<
    unsafe extern "C" fn(
        opaque: *mut ::std::os::raw::c_void,
        level: ::std::os::raw::c_int,
        message: *const ::std::os::raw::c_char,
    ),
>;
pub const PIXFER_FORMAT_NONE: pixfer_format = 0;
pub const PIXFER_FORMAT_RGBA: pixfer_format = 1;
pub const PIXFER_FORMAT_BGRA: pixfer_format = 2;
pub const PIXFER_FORMAT_ARGB: pixfer_format = 3;
pub const PIXFER_FORMAT_ABGR: pixfer_format = 4;
pub const PIXFER_FORMAT_RGB24: pixfer_format = 5;
pub const PIXFER_FORMAT_BGR24: pixfer_format = 6;
pub const PIXFER_FORMAT_GBRP: pixfer_format = 7;
pub const PIXFER_FORMAT_NV12: pixfer_format = 8;
pub const PIXFER_FORMAT_NV21: pixfer_format = 9;
pub const PIXFER_FORMAT_I420: pixfer_format = 10;
pub const PIXFER_FORMAT_YV12: pixfer_format = 11;
pub const PIXFER_FORMAT_P010: pixfer_format = 12;
pub const PIXFER_FORMAT_I444: pixfer_format = 13;
pub const PIXFER_FORMAT_NV24: pixfer_format = 14;
pub const PIXFER_FORMAT_I422: pixfer_format = 15;
pub const PIXFER_FORMAT_NV16: pixfer_format = 16;
pub const PIXFER_FORMAT_YUYV: pixfer_format = 17;
pub const PIXFER_FORMAT_UYVY: pixfer_format = 18;
pub const PIXFER_FORMAT_RGBA64: pixfer_format = 19;
pub const PIXFER_FORMAT_RGB10A2: pixfer_format = 20;
pub const PIXFER_FORMAT_BGR10A2: pixfer_format = 21;
pub const PIXFER_FORMAT_RGBA16F: pixfer_format = 22;
pub const PIXFER_FORMAT_GBRP10: pixfer_format = 23;
pub const PIXFER_FORMAT_GBRP12: pixfer_format = 24;
pub const PIXFER_FORMAT_GBRP16: pixfer_format = 25;
pub const PIXFER_FORMAT_GBRPF32: pixfer_format = 26;
pub const PIXFER_FORMAT_P012: pixfer_format = 27;
pub const PIXFER_FORMAT_P016: pixfer_format = 28;
pub const PIXFER_FORMAT_I010: pixfer_format = 29;
pub const PIXFER_FORMAT_I410: pixfer_format = 30;
#[doc = " another name of it"]
pub const PIXFER_FORMAT_RGBAF16: pixfer_format = 22;
#[doc = " Pixel formats. Packed formats are named by the order of bytes in memory: PIXFER_FORMAT_BGRA has blue at the lowest"]
#[doc = " address on every machine. (libyuv calls that one \"ARGB\", Windows \"B8G8R8A8\", FFmpeg \"bgra\".) The alpha byte is ignored unless it"]
#[doc = " is asked for (enum pixfer_alpha), so RGBX, BGRX, XRGB and XBGR are the same layouts."]
#[doc = ""]
#[doc = " With width w and height h in pixels, cw = (w + 1) / 2 and ch = (h + 1) / 2, the planes are:"]
#[doc = ""]
#[doc = "   format      plane 0        plane 1                  plane 2        unit"]
#[doc = "   RGBA…ABGR   w·4 × h                                                byte"]
#[doc = "   RGB24…BGR24 w·3 × h                                                byte"]
#[doc = "   GBRP        w × h G        w × h B                  w × h R        byte"]
#[doc = "   NV12, NV21  w × h Y        cw pairs × ch (UV, VU)                  byte"]
#[doc = "   I420        w × h Y        cw × ch U                cw × ch V      byte"]
#[doc = "   YV12        w × h Y        cw × ch V                cw × ch U      byte"]
#[doc = "   I444        w × h Y        w × h U                  w × h V        byte"]
#[doc = "   NV24        w × h Y        w pairs × h (UV)                        byte"]
#[doc = "   I422        w × h Y        cw × h U                 cw × h V       byte"]
#[doc = "   NV16        w × h Y        cw pairs × h (UV)                       byte"]
#[doc = "   YUYV, UYVY  cw groups × h                                          4 bytes: Y0 Cb Y1 Cr, Cb Y0 Cr Y1"]
#[doc = "   P010        w × h Y        cw pairs × ch (UV)                      16-bit word, sample in its 10 high bits"]
#[doc = ""]
#[doc = "   RGB10A2     w·4 × h                                                32-bit word: R in bits 0 to 9, G 10 to 19, B 20 to 29, A 30 and 31"]
#[doc = "   BGR10A2     w·4 × h                                                the same with B in bits 0 to 9 and R in bits 20 to 29"]
#[doc = "   RGBA64      w·8 × h                                                16-bit words R, G, B, A"]
#[doc = "   RGBA16F     w·8 × h                                                the same as half-precision floats (IEEE 754 binary16)"]
#[doc = "   GBRP10      w × h G        w × h B                  w × h R        16-bit word, sample in its 10 low bits"]
#[doc = "   GBRP12      w × h G        w × h B                  w × h R        16-bit word, sample in its 12 low bits"]
#[doc = "   GBRP16      w × h G        w × h B                  w × h R        16-bit word"]
#[doc = "   GBRPF32     w × h G        w × h B                  w × h R        float (IEEE 754 binary32)"]
#[doc = "   P012        w × h Y        cw pairs × ch (UV)                      16-bit word, sample in its 12 high bits"]
#[doc = "   P016        w × h Y        cw pairs × ch (UV)                      16-bit word"]
#[doc = "   I010        w × h Y        cw × ch U                cw × ch V      16-bit word, sample in its 10 low bits"]
#[doc = "   I410        w × h Y        w × h U                  w × h V        16-bit word, sample in its 10 low bits"]
#[doc = ""]
#[doc = " U is Cb and V is Cr of Rec. ITU-T H.273. YUYV and UYVY are sources only; with an odd width the second Y of a row's last group"]
#[doc = " is ignored."]
#[doc = ""]
#[doc = " Words of 16 and 32 bits and floats are in the byte order of the machine. RGB10A2 is Windows' R10G10B10A2 (DXGI), Vulkan's A2B10G10R10,"]
#[doc = " FFmpeg's x2bgr10 and DRM's XB30; BGR10A2 is Vulkan's A2R10G10B10, FFmpeg's x2rgb10, DRM's XR30 and macOS's \"l10r\". I410 is FFmpeg's"]
#[doc = " yuv444p10. A component of 10, 12 or 16 bits is its value / 1023, / 4095 or / 65535; where a source's word is longer than its sample,"]
#[doc = " the other bits are ignored, and a destination has 0 there. Floats and halves are R', G' and B' as they are: 0 is black, 1 is white,"]
#[doc = " values beyond are clamped to 0 … 1, and not-a-number is 0."]
pub type pixfer_format = ::std::os::raw::c_uint;
#[doc = " A frame in memory. It describes bytes and owns none: the caller keeps them alive for the length of a call."]
#[doc = " Planes that the format does not have are ignored."]
#[doc = ""]
#[doc = " Thread-safety: plain data."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_image {
    pub format: pixfer_format,
    #[doc = " pixels, at least 1"]
    pub width: u32,
    #[doc = " pixels, at least 1"]
    pub height: u32,
    #[doc = " the first byte of the top visual row; any alignment, but even for formats of 16-bit words and halves,"]
    #[doc = "and a multiple of 4 for floats"]
    pub plane: [*mut u8; 4usize],
    #[doc = " bytes from a row to the one below it; negative = stored bottom-up; at least one row long; even for"]
    #[doc = "formats of 16-bit words and halves, and a multiple of 4 for floats"]
    pub stride: [isize; 4usize],
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_image() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_image>(),
        80usize,
        concat!("Size of: ", stringify!(pixfer_image))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_image>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_image))
    );
    fn test_field_format() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_image>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).format) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_image), "::", stringify!(format))
        );
    }
    test_field_format();
    fn test_field_width() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_image>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).width) as usize - ptr as usize
            },
            4usize,
            concat!("Offset of field: ", stringify!(pixfer_image), "::", stringify!(width))
        );
    }
    test_field_width();
    fn test_field_height() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_image>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).height) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_image), "::", stringify!(height))
        );
    }
    test_field_height();
    fn test_field_plane() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_image>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).plane) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_image), "::", stringify!(plane))
        );
    }
    test_field_plane();
    fn test_field_stride() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_image>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).stride) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_image), "::", stringify!(stride))
        );
    }
    test_field_stride();
}
impl Default for pixfer_image {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
extern "C" {
    #[doc = " The format's name in lower case (\"rgba\", \"nv12\"), \"none\" for PIXFER_FORMAT_NONE, NULL for a number that is no format."]
    pub fn pixfer_format_name(format: pixfer_format) -> *const ::std::os::raw::c_char;
}
extern "C" {
    #[doc = " The format of a name, in any case; \"rgbx\", \"bgrx\", \"xrgb\", \"xbgr\", \"rgb0\", \"bgr0\", \"0rgb\", \"0bgr\" are accepted for their layouts, and"]
    #[doc = " \"x2bgr10\", \"x2rgb10\", \"rgbaf16\", \"rgba16\", \"yuv420p10\", \"yuv444p10\", \"gbrp32f\" for theirs. PIXFER_FORMAT_NONE if there is no such name."]
    pub fn pixfer_format_from_name(name: *const ::std::os::raw::c_char) -> pixfer_format;
}
extern "C" {
    #[doc = " The number of planes (1..3), 0 for PIXFER_FORMAT_NONE or a number that is no format."]
    pub fn pixfer_format_planes(format: pixfer_format) -> ::std::os::raw::c_uint;
}
extern "C" {
    #[doc = " 1 if the format holds R, G and B, 0 if it holds Y, Cb and Cr or is no format."]
    pub fn pixfer_format_is_rgb(format: pixfer_format) -> ::std::os::raw::c_int;
}
extern "C" {
    #[doc = " 1 if its pixels have room for alpha, as RGBA's, RGBA64's and RGB10A2's do, whatever stands there."]
    pub fn pixfer_format_has_alpha(format: pixfer_format) -> ::std::os::raw::c_int;
}
extern "C" {
    #[doc = " Bytes of one row and number of rows of a plane, without padding. Both are set to 0 for a plane the format does not have."]
    pub fn pixfer_plane_size(
        format: pixfer_format,
        width: u32,
        height: u32,
        plane: ::std::os::raw::c_uint,
        row_bytes: *mut usize,
        rows: *mut usize,
    );
}
extern "C" {
    #[doc = " Describes a frame whose planes follow each other in one block, each row padded to a multiple of `align` bytes (a power of"]
    #[doc = " two, 1 for none): the layout of raw files and pipes with align = 1. Returns the size of the block in bytes, or 0 if the"]
    #[doc = " format, a size of zero or an overflow makes that impossible. `base` may be NULL to learn the size only."]
    pub fn pixfer_image_layout(
        image: *mut pixfer_image,
        format: pixfer_format,
        width: u32,
        height: u32,
        base: *mut u8,
        align: usize,
    ) -> usize;
}
#[doc = " BT.709"]
pub const PIXFER_MATRIX_DEFAULT: pixfer_matrix = 0;
#[doc = " Kr 0.2126, Kb 0.0722"]
pub const PIXFER_MATRIX_BT709: pixfer_matrix = 1;
#[doc = " Kr 0.299,  Kb 0.114"]
pub const PIXFER_MATRIX_BT601: pixfer_matrix = 6;
#[doc = " Kr 0.212,  Kb 0.087"]
pub const PIXFER_MATRIX_SMPTE240M: pixfer_matrix = 7;
#[doc = " Kr 0.2627, Kb 0.0593"]
pub const PIXFER_MATRIX_BT2020_NCL: pixfer_matrix = 9;
#[doc = " MatrixCoefficients. All are of the non-constant luminance kind: Y = Kr·R + (1 − Kr − Kb)·G + Kb·B."]
pub type pixfer_matrix = ::std::os::raw::c_uint;
pub const PIXFER_RANGE_LIMITED: pixfer_range = 0;
pub const PIXFER_RANGE_FULL: pixfer_range = 1;
#[doc = " video_full_range_flag: limited is Y 16..235 and Cb, Cr 16..240 of 255 (64..940, 64..960 of 1023, and so on), full is 0..255 (0..1023)."]
pub type pixfer_range = ::std::os::raw::c_uint;
pub const PIXFER_SITING_LEFT: pixfer_siting = 0;
pub const PIXFER_SITING_CENTER: pixfer_siting = 1;
pub const PIXFER_SITING_TOP_LEFT: pixfer_siting = 2;
#[doc = " chroma_sample_loc_type: where a chroma sample lies among the luma samples, which is the filter that makes it. For 4:2:0:"]
#[doc = "  - left:     between two rows, on the even column: horizontally [1 2 1] / 4, vertically [1 1] / 2. What an untagged"]
#[doc = "              H.264 stream means."]
#[doc = "  - centre:   in the middle of 2 × 2 pixels: their mean. What libyuv computes."]
#[doc = "  - top-left: on the even column of the even row: [1 2 1] / 4 both ways. What BT.2020 video uses."]
#[doc = " 4:2:2 has the horizontal part only (top-left is the same as left there), 4:4:4 none. Edges are replicated. The weighted"]
#[doc = " mean is taken of the real Cb and Cr values and rounded once."]
#[doc = ""]
#[doc = " YUYV and UYVY are Y'CbCr already, of the color's matrix and range, with chroma on the even columns: luma is copied, and what siting"]
#[doc = " asks for is made of the source's chroma: [1 1] / 2 of the two rows (left), [1 2 1] / 4 of three (top-left), or (centre) the two"]
#[doc = " rows' mean a quarter of the way to the next column of chroma."]
pub type pixfer_siting = ::std::os::raw::c_uint;
#[doc = " {0} is BT.709, limited range, left."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_color {
    pub matrix: pixfer_matrix,
    pub range: pixfer_range,
    pub siting: pixfer_siting,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_color() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_color>(),
        12usize,
        concat!("Size of: ", stringify!(pixfer_color))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_color>(),
        4usize,
        concat!("Alignment of ", stringify!(pixfer_color))
    );
    fn test_field_matrix() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_color>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).matrix) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_color), "::", stringify!(matrix))
        );
    }
    test_field_matrix();
    fn test_field_range() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_color>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).range) as usize - ptr as usize
            },
            4usize,
            concat!("Offset of field: ", stringify!(pixfer_color), "::", stringify!(range))
        );
    }
    test_field_range();
    fn test_field_siting() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_color>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).siting) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_color), "::", stringify!(siting))
        );
    }
    test_field_siting();
}
impl Default for pixfer_color {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
pub const PIXFER_ALPHA_DROP: pixfer_alpha = 0;
pub const PIXFER_ALPHA_COMPOSE: pixfer_alpha = 1;
#[doc = " What becomes of alpha. COMPOSE puts the picture over a background: a component is α·C + (1 − α)·B, C and the background's B from 0 to 1,"]
#[doc = " all three as they are encoded (no light is added up), α straight: 0 to 1, not multiplied into C. Of 8-bit formats that is a real number"]
#[doc = " which the conversion goes on with, so that each sample is still rounded once, from it. Of formats of 10 and 16 bits it is rounded to the"]
#[doc = " nearest multiple of 1/1023 or 1/65535 first. What is opaque is as with DROP. RGBA16F cannot be composed; formats without alpha are opaque."]
#[doc = ""]
#[doc = " Frames whose components are multiplied by α already, as window systems have them, are over black as they are: that is DROP."]
pub type pixfer_alpha = ::std::os::raw::c_uint;
pub const PIXFER_BACKEND_AUTO: pixfer_backend = 0;
#[doc = " exact, everywhere"]
pub const PIXFER_BACKEND_CPU: pixfer_backend = 1;
#[doc = " Apple's VTPixelTransferSession; approximate, centre siting only (YUYV, UYVY: left only)"]
pub const PIXFER_BACKEND_VIDEOTOOLBOX: pixfer_backend = 2;
#[doc = " exact, by name only; frames that are on a GPU: vulkan.h"]
pub const PIXFER_BACKEND_VULKAN: pixfer_backend = 3;
#[doc = " not yet"]
pub const PIXFER_BACKEND_D3D11: pixfer_backend = 4;
#[doc = " libswscale, for comparison; approximate, never chosen by AUTO"]
pub const PIXFER_BACKEND_SWSCALE: pixfer_backend = 5;
#[doc = " What does the work. AUTO walks the ones that fit, best first, and ends at the CPU, which always works; doc/backends.md tells the order."]
pub type pixfer_backend = ::std::os::raw::c_uint;
extern "C" {
    #[doc = " \"auto\", \"cpu\", \"videotoolbox\", \"vulkan\", \"d3d11\", \"swscale\"; NULL for a number that is no backend."]
    pub fn pixfer_backend_name(backend: pixfer_backend) -> *const ::std::os::raw::c_char;
}
extern "C" {
    #[doc = " NULL if this build on this machine has the backend, else one line that says why not. Thread-safety: safe."]
    pub fn pixfer_backend_missing(backend: pixfer_backend) -> *const ::std::os::raw::c_char;
}
#[doc = " What a backend is, and why this build on this machine may not have it."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_backend_info {
    #[doc = " set by PIXFER_BACKEND_INFO, see pixfer_converter_info; 0 = the size in 0.2.0"]
    pub struct_size: usize,
    pub name: *const ::std::os::raw::c_char,
    #[doc = " as pixfer_backend_missing; where it is not NULL the members below are 0"]
    pub missing: *const ::std::os::raw::c_char,
    #[doc = " 1: it works beside the processor"]
    pub hardware: ::std::os::raw::c_int,
    #[doc = " 1: AUTO may choose it"]
    pub automatic: ::std::os::raw::c_int,
    #[doc = " 1: every sample is the correctly rounded value"]
    pub exact: ::std::os::raw::c_int,
    #[doc = " 1: pixfer_convert_rows is done by it"]
    pub takes_rows: ::std::os::raw::c_int,
    #[doc = " those it can do, as bits 1 << siting"]
    pub sitings: ::std::os::raw::c_uint,
    #[doc = " the same for YUYV and UYVY"]
    pub sitings_422: ::std::os::raw::c_uint,
    #[doc = " 1: AUTO never takes it by itself, but where it is asked to measure, as pixfer_exporter_params.fastest_converter"]
    #[doc = "does: a GPU that is there need not be quicker. 0 also where the device is the processor itself"]
    pub measured: ::std::os::raw::c_int,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_backend_info() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_backend_info>(),
        56usize,
        concat!("Size of: ", stringify!(pixfer_backend_info))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_backend_info>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_backend_info))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_name() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).name) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(name))
        );
    }
    test_field_name();
    fn test_field_missing() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).missing) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(missing))
        );
    }
    test_field_missing();
    fn test_field_hardware() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).hardware) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(hardware))
        );
    }
    test_field_hardware();
    fn test_field_automatic() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).automatic) as usize - ptr as usize
            },
            28usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(automatic))
        );
    }
    test_field_automatic();
    fn test_field_exact() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).exact) as usize - ptr as usize
            },
            32usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(exact))
        );
    }
    test_field_exact();
    fn test_field_takes_rows() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).takes_rows) as usize - ptr as usize
            },
            36usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(takes_rows))
        );
    }
    test_field_takes_rows();
    fn test_field_sitings() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).sitings) as usize - ptr as usize
            },
            40usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(sitings))
        );
    }
    test_field_sitings();
    fn test_field_sitings_422() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).sitings_422) as usize - ptr as usize
            },
            44usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(sitings_422))
        );
    }
    test_field_sitings_422();
    fn test_field_measured() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_backend_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).measured) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_backend_info), "::", stringify!(measured))
        );
    }
    test_field_measured();
}
impl Default for pixfer_backend_info {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
extern "C" {
    #[doc = " 1 if AUTO may choose the backend where it is there. Unlike the two calls around it this looks at nothing of the machine. Thread-safety: safe."]
    pub fn pixfer_backend_automatic(backend: pixfer_backend) -> ::std::os::raw::c_int;
}
extern "C" {
    #[doc = " Backends count from 1: PIXFER_ERR_INVALID for AUTO and for a number that is no backend ends a loop over them. Thread-safety: safe."]
    pub fn pixfer_backend_get_info(backend: pixfer_backend, info: *mut pixfer_backend_info) -> pixfer_result;
}
extern "C" {
    #[doc = " The instruction sets that a converter can be pinned to on this machine, best first, as a NULL-terminated list that ends in"]
    #[doc = " \"c\". Thread-safety: safe."]
    pub fn pixfer_cpu_names() -> *const *const ::std::os::raw::c_char;
}
#[doc = " Converts frames of one size from one format to another. Opening it checks everything that can be checked once, chooses"]
#[doc = " the kernels and starts the worker threads; converting allocates nothing."]
#[doc = ""]
#[doc = " Thread-safety: a converter may be used by several threads at once. pixfer_convert_rows is made for that: threads of the"]
#[doc = " caller's own convert slices of one frame with no lock between them. pixfer_convert and pixfer_convert_batch use the"]
#[doc = " converter's own workers; when two threads call them at once one gets the workers and the other does its work itself."]
#[doc = " Open and close are calls of one thread each, which need not be the same one, and nothing may be running when close is called."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_converter {
    _unused: [u8; 0],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_converter_params {
    #[doc = " set by PIXFER_CONVERTER_PARAMS; the library reads no further than this"]
    pub struct_size: usize,
    #[doc = " any RGB format; YUYV, UYVY"]
    pub src_format: pixfer_format,
    #[doc = " any YCbCr format but YUYV and UYVY; NV12, NV21, I420, YV12 from those two"]
    pub dst_format: pixfer_format,
    #[doc = " pixels, any parity, 1 to 2^24; every plane must fit in memory"]
    pub width: u32,
    #[doc = " pixels, any parity, 1 to 2^24; every plane must fit in memory"]
    pub height: u32,
    pub color: pixfer_color,
    pub backend: pixfer_backend,
    #[doc = " how many convert one frame: 0 = choose, 1 = the caller's thread only, at most 256; WebAssembly has one"]
    pub threads: ::std::os::raw::c_uint,
    #[doc = " NULL = best; \"c\", \"avx2\", \"avx512\", \"neon\", \"simd128\" pins one: PIXFER_ERR_UNAVAILABLE if this CPU lacks it. For some pairs,"]
    #[doc = " YUYV and UYVY among them, there is \"c\" only, which then does the work whatever is pinned: see isa of pixfer_converter_info."]
    pub cpu: *const ::std::os::raw::c_char,
    #[doc = " NULL = silent"]
    pub log: pixfer_log_callback,
    pub log_opaque: *mut ::std::os::raw::c_void,
    #[doc = " 1: what pixfer_convert_rows writes is read much later, as a queued frame is: large frames are then"]
    #[doc = "written past the cache by it, too"]
    pub rows_read_later: ::std::os::raw::c_int,
    #[doc = " 0: some blocks of every frame that a backend without exactness delivers are compared with the exact result, which"]
    #[doc = "takes some 20 µs, and a backend that fails is given up for that very frame; 1: it is believed"]
    pub unchecked: ::std::os::raw::c_int,
    #[doc = " COMPOSE is done by the CPU only"]
    pub alpha: pixfer_alpha,
    #[doc = " of COMPOSE: 0xRRGGBB, R'G'B' of 8 bits"]
    pub background: u32,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_converter_params() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_converter_params>(),
        88usize,
        concat!("Size of: ", stringify!(pixfer_converter_params))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_converter_params>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_converter_params))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_src_format() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).src_format) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(src_format))
        );
    }
    test_field_src_format();
    fn test_field_dst_format() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).dst_format) as usize - ptr as usize
            },
            12usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(dst_format))
        );
    }
    test_field_dst_format();
    fn test_field_width() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).width) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(width))
        );
    }
    test_field_width();
    fn test_field_height() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).height) as usize - ptr as usize
            },
            20usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(height))
        );
    }
    test_field_height();
    fn test_field_color() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).color) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(color))
        );
    }
    test_field_color();
    fn test_field_backend() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).backend) as usize - ptr as usize
            },
            36usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(backend))
        );
    }
    test_field_backend();
    fn test_field_threads() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).threads) as usize - ptr as usize
            },
            40usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(threads))
        );
    }
    test_field_threads();
    fn test_field_cpu() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).cpu) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(cpu))
        );
    }
    test_field_cpu();
    fn test_field_log() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).log) as usize - ptr as usize
            },
            56usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(log))
        );
    }
    test_field_log();
    fn test_field_log_opaque() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).log_opaque) as usize - ptr as usize
            },
            64usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(log_opaque))
        );
    }
    test_field_log_opaque();
    fn test_field_rows_read_later() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).rows_read_later) as usize - ptr as usize
            },
            72usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_converter_params),
                "::",
                stringify!(rows_read_later)
            )
        );
    }
    test_field_rows_read_later();
    fn test_field_unchecked() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).unchecked) as usize - ptr as usize
            },
            76usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(unchecked))
        );
    }
    test_field_unchecked();
    fn test_field_alpha() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).alpha) as usize - ptr as usize
            },
            80usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(alpha))
        );
    }
    test_field_alpha();
    fn test_field_background() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_params>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).background) as usize - ptr as usize
            },
            84usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_params), "::", stringify!(background))
        );
    }
    test_field_background();
}
impl Default for pixfer_converter_params {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
extern "C" {
    #[doc = " Opens a converter. On failure *out is NULL and the log says why in one line."]
    #[doc = ""]
    #[doc = " The environment overrides what was left at its default:"]
    #[doc = "   PIXFER_BACKEND  a backend's name, where backend is AUTO"]
    #[doc = "   PIXFER_CPU      an instruction set, where cpu is NULL"]
    #[doc = "   PIXFER_THREADS  a number, where threads is 0"]
    #[doc = "   PIXFER_STREAM   1: whole frames are written past the cache, 0: into it; chosen by size otherwise, see doc/performance.md"]
    #[doc = "   PIXFER_LOG      error, warning, info or debug: lines up to that level go to stderr, where log is NULL"]
    #[doc = "   CAP_VIDEOTOOLBOX_CONVERSION  0, false, off or no forbids AUTO to choose VideoToolbox (macOS)"]
    #[doc = " A value that cannot be understood is PIXFER_ERR_INVALID, not ignored."]
    #[doc = ""]
    #[doc = " Errors: INVALID, UNSUPPORTED (this pair of formats, or siting on this backend), NO_MEMORY, UNAVAILABLE (the backend or"]
    #[doc = " instruction set asked for)."]
    pub fn pixfer_converter_open(
        out: *mut *mut pixfer_converter,
        params: *const pixfer_converter_params,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Converts one frame. Every argument is checked before a byte is written: formats and sizes must be the converter's, no"]
    #[doc = " stride shorter than a row, and no byte of a destination plane may belong to another plane or to the source. Bytes between"]
    #[doc = " rows are not touched. Should a hardware backend fail, the same frame is converted by the next backend, which stays in"]
    #[doc = " charge from then on (see fallback_reason)."]
    pub fn pixfer_convert(
        c: *mut pixfer_converter,
        src: *const pixfer_image,
        dst: *const pixfer_image,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Converts the rows [first, first + count) of a frame on the calling thread: the luma rows of that range and the chroma"]
    #[doc = " rows made from them. `first` is even, `count` is even unless the range ends the frame."]
    #[doc = ""]
    #[doc = " Only the rows concerned are touched: of the source the range, and with top-left siting the row above it; of the destination"]
    #[doc = " the range. So `src` may describe a frame of which just these rows exist in memory (plane = rows − first · stride)."]
    #[doc = " Backends that only take whole frames leave this to the CPU, or answer UNSUPPORTED when they were asked for by name."]
    pub fn pixfer_convert_rows(
        c: *mut pixfer_converter,
        src: *const pixfer_image,
        dst: *const pixfer_image,
        first: u32,
        count: u32,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Converts `count` frames, whole frames in parallel on the converter's threads: more throughput than slices of one. All"]
    #[doc = " arguments are checked before the first byte is written. On failure the destinations are undefined."]
    pub fn pixfer_convert_batch(
        c: *mut pixfer_converter,
        src: *const pixfer_image,
        dst: *const pixfer_image,
        count: usize,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " Waits for nothing, frees everything; NULL-safe in both senses, and sets *c to NULL."]
    pub fn pixfer_converter_close(c: *mut *mut pixfer_converter);
}
#[doc = " What a converter is and has done. Strings belong to the converter and live as long as it does."]
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct pixfer_converter_info {
    #[doc = " Set by PIXFER_CONVERTER_INFO: the library writes no further, and leaves here how many bytes it knew. 0 = the size in 0.2.0"]
    pub struct_size: usize,
    #[doc = " the one in charge now"]
    pub backend: pixfer_backend,
    #[doc = " \"cpu\", \"videotoolbox\", ..."]
    pub backend_name: *const ::std::os::raw::c_char,
    #[doc = " \"avx512\", \"avx2\", \"neon\", \"simd128\", \"c\", or \"\" where the backend has none"]
    pub isa: *const ::std::os::raw::c_char,
    #[doc = " 1: every sample is the correctly rounded value"]
    pub exact: ::std::os::raw::c_int,
    #[doc = " NULL, or why a preferred backend was not used or was given up"]
    pub fallback_reason: *const ::std::os::raw::c_char,
    #[doc = " conversions done; for pixfer_convert_rows, ranges that ended a frame"]
    pub frames: u64,
    #[doc = " how many convert one frame"]
    pub threads: ::std::os::raw::c_uint,
    #[doc = " time spent in a hardware backend's transfers, measured around them; 0 for the others"]
    pub wall_s: f64,
    #[doc = " CPU time of the calling threads meanwhile: what the transfers cost at least"]
    pub cpu_s: f64,
    #[doc = " What was measured, and nothing else, in one word. With the time that the fastest transfer took on the clock: \"cpu-bound\""]
    #[doc = " (cpu_s per transfer is at least 0.8 of it), \"offloaded\" (process_cpu_s per transfer is below half of it) or \"unknown\""]
    #[doc = " (neither, or fewer than 8 transfers or 20 ms); \"\" for backends that are not measured."]
    pub acceleration: *const ::std::os::raw::c_char,
    #[doc = " CPU time of the whole process meanwhile: what the transfers cost at most"]
    pub process_cpu_s: f64,
    #[doc = " 1: pixfer_convert_rows is done by the backend in charge"]
    pub takes_rows: ::std::os::raw::c_int,
}
#[cfg(target_pointer_width = "64")]
#[test]
fn bindgen_test_layout_pixfer_converter_info() {
    assert_eq!(
        ::std::mem::size_of::<pixfer_converter_info>(),
        104usize,
        concat!("Size of: ", stringify!(pixfer_converter_info))
    );
    assert_eq!(
        ::std::mem::align_of::<pixfer_converter_info>(),
        8usize,
        concat!("Alignment of ", stringify!(pixfer_converter_info))
    );
    fn test_field_struct_size() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).struct_size) as usize - ptr as usize
            },
            0usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(struct_size))
        );
    }
    test_field_struct_size();
    fn test_field_backend() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).backend) as usize - ptr as usize
            },
            8usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(backend))
        );
    }
    test_field_backend();
    fn test_field_backend_name() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).backend_name) as usize - ptr as usize
            },
            16usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(backend_name))
        );
    }
    test_field_backend_name();
    fn test_field_isa() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).isa) as usize - ptr as usize
            },
            24usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(isa))
        );
    }
    test_field_isa();
    fn test_field_exact() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).exact) as usize - ptr as usize
            },
            32usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(exact))
        );
    }
    test_field_exact();
    fn test_field_fallback_reason() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).fallback_reason) as usize - ptr as usize
            },
            40usize,
            concat!(
                "Offset of field: ",
                stringify!(pixfer_converter_info),
                "::",
                stringify!(fallback_reason)
            )
        );
    }
    test_field_fallback_reason();
    fn test_field_frames() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).frames) as usize - ptr as usize
            },
            48usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(frames))
        );
    }
    test_field_frames();
    fn test_field_threads() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).threads) as usize - ptr as usize
            },
            56usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(threads))
        );
    }
    test_field_threads();
    fn test_field_wall_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).wall_s) as usize - ptr as usize
            },
            64usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(wall_s))
        );
    }
    test_field_wall_s();
    fn test_field_cpu_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).cpu_s) as usize - ptr as usize
            },
            72usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(cpu_s))
        );
    }
    test_field_cpu_s();
    fn test_field_acceleration() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).acceleration) as usize - ptr as usize
            },
            80usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(acceleration))
        );
    }
    test_field_acceleration();
    fn test_field_process_cpu_s() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).process_cpu_s) as usize - ptr as usize
            },
            88usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(process_cpu_s))
        );
    }
    test_field_process_cpu_s();
    fn test_field_takes_rows() {
        assert_eq!(
            unsafe {
                let uninit = ::std::mem::MaybeUninit::<pixfer_converter_info>::uninit();
                let ptr = uninit.as_ptr();
                ::std::ptr::addr_of!((*ptr).takes_rows) as usize - ptr as usize
            },
            96usize,
            concat!("Offset of field: ", stringify!(pixfer_converter_info), "::", stringify!(takes_rows))
        );
    }
    test_field_takes_rows();
}
impl Default for pixfer_converter_info {
    fn default() -> Self {
        let mut s = ::std::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::std::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
extern "C" {
    #[doc = " Thread-safety: safe beside conversions."]
    pub fn pixfer_converter_get_info(c: *const pixfer_converter, info: *mut pixfer_converter_info);
}
extern "C" {
    #[doc = " One call: RGBA bytes to NV12 planes, BT.709, limited range, left siting, on the calling thread. Width and height of any"]
    #[doc = " parity; the chroma plane has (width + 1) / 2 pairs by (height + 1) / 2 rows. Strides in bytes, negative = bottom-up."]
    #[doc = " For more than a frame now and then open a converter: it checks and chooses once."]
    pub fn pixfer_rgba_to_nv12(
        rgba: *const u8,
        rgba_stride: isize,
        width: u32,
        height: u32,
        y: *mut u8,
        y_stride: isize,
        uv: *mut u8,
        uv_stride: isize,
    ) -> pixfer_result;
}
extern "C" {
    #[doc = " The version of the library that runs, as \"0.2.0\". Never NULL. Thread-safety: safe."]
    pub fn pixfer_version() -> *const ::std::os::raw::c_char;
}
