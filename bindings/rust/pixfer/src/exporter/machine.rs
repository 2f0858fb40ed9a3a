// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! What this machine encodes with.

use std::ffi::CStr;
use std::os::raw::c_char;
use std::ptr;
use std::sync::{Mutex, TryLockError};

use pixfer_sys as sys;

use super::report::member;
use crate::call::{log_line, Log, LogClosure};
use crate::error::{invalid, Error, Result};
use crate::text;

/// The encoders that are tried where neither encoder nor codec is named, in that order. (Feature `exporter`.)
pub fn encoder_names() -> Vec<&'static str> {
    unsafe { text::list(sys::pixfer_encoder_names()) }
}

/// Opens an encoder for a small frame and, if it is hardware, has it encode one; the error says why it does not work. (Feature
/// `exporter`.)
///
/// ```
/// for name in pixfer::encoder_names() {
///     match pixfer::encoder_works(name) {
///         Ok(()) => println!("{name}"),
///         Err(error) => println!("{error}"),
///     }
/// }
/// ```
pub fn encoder_works(name: &str) -> Result<()> {
    let name = text::c_string("encoder", name)?;
    let mut reason: [c_char; 512] = [0; 512];
    if unsafe { sys::pixfer_encoder_works(name.as_ptr(), reason.as_mut_ptr(), reason.len()) } == 1 {
        return Ok(());
    }
    Err(Error::Unavailable(member(&reason)))
}

/// The versions of the FFmpeg libraries in use, as "libavcodec 59.37.100, libavformat 59.27.100". (Feature `exporter`.)
pub fn libav_versions() -> &'static str {
    // A text of the library's that stays.
    unsafe { CStr::from_ptr(sys::pixfer_exporter_libav_versions()) }.to_str().unwrap_or_default()
}

/// Routes the messages of the FFmpeg libraries, which are one stream for the whole process, to a closure; `None` silences them.
/// (Feature `exporter`.)
///
/// With them an encoder that does not open is explained in its own words. The closure is called from any thread. It must not
/// route them elsewhere: that is refused.
pub fn route_libav_log(log: Option<LogClosure>) -> Result<()> {
    static ROUTE: Mutex<Option<Box<Log>>> = Mutex::new(None);
    let next = log.map(|closure| Log::new(Some(closure))).transpose()?;
    // A closure that is running on this thread holds no lock of this crate's, but may wait for one of the library's.
    let mut route = match ROUTE.try_lock() {
        Ok(route) => route,
        Err(TryLockError::Poisoned(route)) => route.into_inner(),
        Err(TryLockError::WouldBlock) => {
            return invalid("messages are being routed by another thread, expected one at a time".to_owned())
        }
    };
    if route.as_ref().map_or(false, |log| log.is_inside()) {
        return invalid(
            "called from the closure that receives the messages, expected a call from outside".to_owned(),
        );
    }
    let (callback, opaque): (sys::pixfer_log_callback, _) = match &next {
        Some(log) => (Some(log_line), log.opaque()),
        None => (None, ptr::null_mut()),
    };
    unsafe { sys::pixfer_exporter_route_libav_log(callback, opaque) };
    // The one before is not used any more when that has returned.
    *route = next;
    Ok(())
}
