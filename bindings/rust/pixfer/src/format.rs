// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::ffi::{CStr, CString};
use std::fmt;
use std::str::FromStr;

use pixfer_sys as sys;

use crate::error::{Error, Result};

/// Pixel formats, named by the order of bytes in memory.
///
/// [`Format::Bgra`] has blue at the lowest address on every machine. (libyuv calls that one "ARGB", Windows "B8G8R8A8", FFmpeg
/// "bgra".) The alpha byte is ignored, so RGBX, BGRX, XRGB and XBGR are the same layouts.
///
/// With width w and height h in pixels, cw = (w + 1) / 2 and ch = (h + 1) / 2, the planes are:
///
/// | format | plane 0 | plane 1 | plane 2 | unit |
/// |---|---|---|---|---|
/// | `Rgba`, `Bgra`, `Argb`, `Abgr` | w·4 × h | | | byte |
/// | `Rgb24`, `Bgr24` | w·3 × h | | | byte |
/// | `Gbrp` | w × h G | w × h B | w × h R | byte |
/// | `Nv12`, `Nv21` | w × h Y | cw pairs × ch (UV, VU) | | byte |
/// | `I420` | w × h Y | cw × ch U | cw × ch V | byte |
/// | `Yv12` | w × h Y | cw × ch V | cw × ch U | byte |
/// | `I444` | w × h Y | w × h U | w × h V | byte |
/// | `Nv24` | w × h Y | w pairs × h (UV) | | byte |
/// | `I422` | w × h Y | cw × h U | cw × h V | byte |
/// | `Nv16` | w × h Y | cw pairs × h (UV) | | byte |
/// | `Yuyv`, `Uyvy` | cw groups × h | | | 4 bytes: Y0 Cb Y1 Cr, Cb Y0 Cr Y1 |
/// | `P010`, `P012`, `P016` | w × h Y | cw pairs × ch (UV) | | 16-bit word, sample in its 10, 12 or 16 high bits |
/// | `I010` | w × h Y | cw × ch U | cw × ch V | 16-bit word, sample in its 10 low bits |
/// | `I410` | w × h Y | w × h U | w × h V | 16-bit word, sample in its 10 low bits |
/// | `Rgb10a2`, `Bgr10a2` | w·4 × h | | | 32-bit word: R (B) in bits 0 to 9, G 10 to 19, B (R) 20 to 29 |
/// | `Rgba64`, `Rgba16f` | w·8 × h | | | 16-bit words, half-precision floats |
/// | `Gbrp10`, `Gbrp12`, `Gbrp16` | w × h G | w × h B | w × h R | 16-bit word, sample in its low bits |
/// | `Gbrpf32` | w × h G | w × h B | w × h R | float |
///
/// Words and floats are in the byte order of the machine. U is Cb and V is Cr of Rec. ITU-T H.273. `Yuyv` and `Uyvy` are sources only.
///
/// Names are those of the C library and of FFmpeg where it has the format:
///
/// ```
/// use pixfer::Format;
///
/// assert_eq!(Format::Nv12.to_string(), "nv12");
/// assert_eq!("bgrx".parse::<Format>()?, Format::Bgra);
/// assert_eq!(Format::I420.plane_size(1919, 1080, 1), (960, 540));
/// # Ok::<(), pixfer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Format {
    /// 8-bit R, G, B, A.
    Rgba = sys::PIXFER_FORMAT_RGBA,
    /// 8-bit B, G, R, A.
    Bgra = sys::PIXFER_FORMAT_BGRA,
    /// 8-bit A, R, G, B.
    Argb = sys::PIXFER_FORMAT_ARGB,
    /// 8-bit A, B, G, R.
    Abgr = sys::PIXFER_FORMAT_ABGR,
    /// 8-bit R, G, B.
    Rgb24 = sys::PIXFER_FORMAT_RGB24,
    /// 8-bit B, G, R.
    Bgr24 = sys::PIXFER_FORMAT_BGR24,
    /// Three planes of 8-bit G, B and R.
    Gbrp = sys::PIXFER_FORMAT_GBRP,
    /// 4:2:0, two planes: Y and UV.
    Nv12 = sys::PIXFER_FORMAT_NV12,
    /// 4:2:0, two planes: Y and VU.
    Nv21 = sys::PIXFER_FORMAT_NV21,
    /// 4:2:0, three planes: Y, U, V. FFmpeg's "yuv420p".
    I420 = sys::PIXFER_FORMAT_I420,
    /// 4:2:0, three planes: Y, V, U.
    Yv12 = sys::PIXFER_FORMAT_YV12,
    /// 4:2:0 of 10 bits in 16-bit words, two planes: Y and UV.
    P010 = sys::PIXFER_FORMAT_P010,
    /// 4:4:4, three planes: Y, U, V.
    I444 = sys::PIXFER_FORMAT_I444,
    /// 4:4:4, two planes: Y and UV.
    Nv24 = sys::PIXFER_FORMAT_NV24,
    /// 4:2:2, three planes: Y, U, V.
    I422 = sys::PIXFER_FORMAT_I422,
    /// 4:2:2, two planes: Y and UV.
    Nv16 = sys::PIXFER_FORMAT_NV16,
    /// 4:2:2 packed: Y0 Cb Y1 Cr. A source only.
    Yuyv = sys::PIXFER_FORMAT_YUYV,
    /// 4:2:2 packed: Cb Y0 Cr Y1. A source only.
    Uyvy = sys::PIXFER_FORMAT_UYVY,
    /// 16-bit words R, G, B, A.
    Rgba64 = sys::PIXFER_FORMAT_RGBA64,
    /// A 32-bit word: R in bits 0 to 9, G 10 to 19, B 20 to 29.
    Rgb10a2 = sys::PIXFER_FORMAT_RGB10A2,
    /// A 32-bit word: B in bits 0 to 9, G 10 to 19, R 20 to 29.
    Bgr10a2 = sys::PIXFER_FORMAT_BGR10A2,
    /// Half-precision floats R, G, B, A.
    Rgba16f = sys::PIXFER_FORMAT_RGBA16F,
    /// Three planes of 16-bit words with G, B and R in their 10 low bits.
    Gbrp10 = sys::PIXFER_FORMAT_GBRP10,
    /// The same in 12 low bits.
    Gbrp12 = sys::PIXFER_FORMAT_GBRP12,
    /// The same of 16 bits.
    Gbrp16 = sys::PIXFER_FORMAT_GBRP16,
    /// Three planes of floats G, B and R.
    Gbrpf32 = sys::PIXFER_FORMAT_GBRPF32,
    /// 4:2:0 of 12 bits in 16-bit words, two planes: Y and UV.
    P012 = sys::PIXFER_FORMAT_P012,
    /// 4:2:0 of 16 bits, two planes: Y and UV.
    P016 = sys::PIXFER_FORMAT_P016,
    /// 4:2:0 of 10 bits in 16-bit words, three planes: Y, U, V.
    I010 = sys::PIXFER_FORMAT_I010,
    /// 4:4:4 of 10 bits in 16-bit words, three planes: Y, U, V.
    I410 = sys::PIXFER_FORMAT_I410,
}

impl Format {
    /// All of them.
    pub const ALL: &'static [Format] = &[
        Format::Rgba,
        Format::Bgra,
        Format::Argb,
        Format::Abgr,
        Format::Rgb24,
        Format::Bgr24,
        Format::Gbrp,
        Format::Nv12,
        Format::Nv21,
        Format::I420,
        Format::Yv12,
        Format::P010,
        Format::I444,
        Format::Nv24,
        Format::I422,
        Format::Nv16,
        Format::Yuyv,
        Format::Uyvy,
        Format::Rgba64,
        Format::Rgb10a2,
        Format::Bgr10a2,
        Format::Rgba16f,
        Format::Gbrp10,
        Format::Gbrp12,
        Format::Gbrp16,
        Format::Gbrpf32,
        Format::P012,
        Format::P016,
        Format::I010,
        Format::I410,
    ];

    pub(crate) fn raw(self) -> sys::pixfer_format {
        self as sys::pixfer_format
    }

    pub(crate) fn from_raw(raw: sys::pixfer_format) -> Option<Format> {
        Format::ALL.iter().copied().find(|format| format.raw() == raw)
    }

    /// The name in lower case, as the `pixfer` tool takes it: "rgba", "nv12".
    pub fn name(self) -> &'static str {
        // A text that lives as long as the library, and there is one for every format.
        unsafe { CStr::from_ptr(sys::pixfer_format_name(self.raw())) }.to_str().unwrap_or_default()
    }

    /// How many planes a frame has: 1 to 3.
    pub fn planes(self) -> usize {
        unsafe { sys::pixfer_format_planes(self.raw()) as usize }
    }

    /// Whether it holds R, G and B, and not Y, Cb and Cr.
    pub fn is_rgb(self) -> bool {
        unsafe { sys::pixfer_format_is_rgb(self.raw()) != 0 }
    }

    /// Bytes of one row, and number of rows, of a plane without padding; (0, 0) for a plane that the format does not have.
    pub fn plane_size(self, width: u32, height: u32, plane: usize) -> (usize, usize) {
        let (mut row_bytes, mut rows) = (0, 0);
        // Every plane that a format can have has a small number.
        let plane = plane.min(u8::MAX.into()) as std::os::raw::c_uint;
        unsafe { sys::pixfer_plane_size(self.raw(), width, height, plane, &mut row_bytes, &mut rows) };
        (row_bytes, rows)
    }

    /// Bytes of a frame whose planes and rows follow each other without padding, as in raw files and pipes; `None` for a size of
    /// zero, or one that no memory holds.
    ///
    /// ```
    /// # use pixfer::Format;
    /// assert_eq!(Format::Nv12.frame_size(1920, 1080), Some(3_110_400));
    /// assert_eq!(Format::Nv12.frame_size(1920, 0), None);
    /// ```
    pub fn frame_size(self, width: u32, height: u32) -> Option<usize> {
        let mut image = sys::pixfer_image::default();
        // With no base nothing is dereferenced or computed from one.
        let size = unsafe {
            sys::pixfer_image_layout(&mut image, self.raw(), width, height, std::ptr::null_mut(), 1)
        };
        if size == 0 {
            None
        } else {
            Some(size)
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// In any case; "rgbx", "bgr0" and their like are the layouts that they name.
impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Format> {
        let raw = CString::new(name)
            .map_or(sys::PIXFER_FORMAT_NONE, |name| unsafe { sys::pixfer_format_from_name(name.as_ptr()) });
        Format::from_raw(raw).ok_or_else(|| {
            let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
            Error::Invalid(format!("format is {name:?}, expected one of {}", names.join(", ")))
        })
    }
}
