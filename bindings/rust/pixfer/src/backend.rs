// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::fmt;
use std::mem::size_of;

use pixfer_sys as sys;

use crate::color::Siting;
use crate::error::{Error, Result};
use crate::text;

/// What does the work.
///
/// ```
/// use pixfer::Backend;
///
/// assert_eq!(Backend::Cpu.missing(), None);
/// for backend in Backend::ALL {
///     match backend.missing() {
///         None => println!("{backend}"),
///         Some(why) => println!("{backend}: not here: {why}"),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Backend {
    /// The best that fits, and at the end the CPU, which always works. The default.
    #[default]
    Auto = sys::PIXFER_BACKEND_AUTO,
    /// Exact, everywhere.
    Cpu = sys::PIXFER_BACKEND_CPU,
    /// Apple's VTPixelTransferSession; approximate.
    VideoToolbox = sys::PIXFER_BACKEND_VIDEOTOOLBOX,
    /// Vulkan.
    Vulkan = sys::PIXFER_BACKEND_VULKAN,
    /// Direct3D 11.
    D3d11 = sys::PIXFER_BACKEND_D3D11,
    /// libswscale, to compare with; approximate, never chosen by [`Backend::Auto`].
    Swscale = sys::PIXFER_BACKEND_SWSCALE,
}

/// What a backend is. All but the name is zero and false where it is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackendInfo {
    /// "cpu", "videotoolbox", ...
    pub name: String,
    /// Why this build on this machine does not have it.
    pub missing: Option<String>,
    /// It works beside the processor.
    pub hardware: bool,
    /// [`Backend::Auto`] may choose it.
    pub automatic: bool,
    /// Every sample is the correctly rounded value.
    pub exact: bool,
    /// [`Converter::convert_rows`](crate::Converter::convert_rows) is done by it.
    pub takes_rows: bool,
    /// What it can do of RGB sources.
    pub sitings: Vec<Siting>,
    /// What it can do of YUYV and UYVY sources.
    pub sitings_422: Vec<Siting>,
}

impl Backend {
    /// All but [`Backend::Auto`].
    pub const ALL: &'static [Backend] =
        &[Backend::Cpu, Backend::VideoToolbox, Backend::Vulkan, Backend::D3d11, Backend::Swscale];

    pub(crate) fn raw(self) -> sys::pixfer_backend {
        self as sys::pixfer_backend
    }

    /// [`Backend::Auto`] for a number that is none.
    pub(crate) fn from_raw(raw: sys::pixfer_backend) -> Backend {
        Backend::ALL.iter().copied().find(|backend| backend.raw() == raw).unwrap_or_default()
    }

    /// "auto", "cpu", "videotoolbox", "vulkan", "d3d11", "swscale".
    pub fn name(self) -> &'static str {
        // A text that lives as long as the library, or NULL.
        unsafe { text::lasting(sys::pixfer_backend_name(self.raw())) }.unwrap_or_default()
    }

    /// `None` if this build on this machine has it, else one line that says why not.
    pub fn missing(self) -> Option<String> {
        unsafe { text::copied(sys::pixfer_backend_missing(self.raw())) }
    }

    /// What it is; an error for [`Backend::Auto`], which is a choice between the others.
    pub fn info(self) -> Result<BackendInfo> {
        let mut raw = sys::pixfer_backend_info {
            struct_size: size_of::<sys::pixfer_backend_info>(),
            ..Default::default()
        };
        if unsafe { sys::pixfer_backend_get_info(self.raw(), &mut raw) } != sys::PIXFER_OK {
            return Err(Error::Invalid(format!("backend is {self}, expected one that does the work itself")));
        }
        let sitings = |bits: u32| {
            Siting::ALL.iter().copied().filter(|&siting| bits >> siting as u32 & 1 == 1).collect()
        };
        Ok(BackendInfo {
            name: unsafe { text::copied(raw.name) }.unwrap_or_default(),
            missing: unsafe { text::copied(raw.missing) },
            hardware: raw.hardware != 0,
            automatic: raw.automatic != 0,
            exact: raw.exact != 0,
            takes_rows: raw.takes_rows != 0,
            sitings: sitings(raw.sitings),
            sitings_422: sitings(raw.sitings_422),
        })
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
