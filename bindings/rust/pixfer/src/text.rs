// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Strings from and to C.

use std::ffi::{CStr, CString};
use std::os::raw::c_char;

use crate::error::{invalid, Result};

/// A copy of a C string; `None` for NULL.
///
/// # Safety
/// `text` is NULL or a C string that is valid during the call.
pub(crate) unsafe fn copied(text: *const c_char) -> Option<String> {
    if text.is_null() {
        None
    } else {
        Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
    }
}

/// A C string as it is; `None` for NULL and for what is not UTF-8.
///
/// # Safety
/// `text` is NULL or a C string that nothing ever changes or frees.
pub(crate) unsafe fn lasting(text: *const c_char) -> Option<&'static str> {
    if text.is_null() {
        None
    } else {
        unsafe { CStr::from_ptr(text) }.to_str().ok()
    }
}

/// A list of C strings that ends with NULL.
///
/// # Safety
/// Nothing ever changes or frees the list or its strings.
pub(crate) unsafe fn list(mut names: *const *const c_char) -> Vec<&'static str> {
    let mut found = Vec::new();
    unsafe {
        while !names.is_null() && !(*names).is_null() {
            found.extend(lasting(*names));
            names = names.add(1);
        }
    }
    found
}

/// A string for C, which has no zero bytes inside.
pub(crate) fn c_string(what: &str, bytes: impl Into<Vec<u8>>) -> Result<CString> {
    match CString::new(bytes) {
        Ok(string) => Ok(string),
        Err(error) => {
            let at = error.nul_position();
            let bytes = error.into_vec();
            invalid(format!(
                "{what} is {:?}, expected no zero byte: found one at {at}",
                String::from_utf8_lossy(&bytes)
            ))
        }
    }
}
