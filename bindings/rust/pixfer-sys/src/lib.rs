// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! The C interface of [pixfer](https://docs.rs/pixfer), as it is: everything is unsafe to call, and the
//! rules of each call are those of the C headers, whose comments stand here. Programs use the crate
//! `pixfer`, which keeps those rules for them.
//!
//! Structures with a `struct_size` are made with it set:
//!
//! ```
//! let info = pixfer_sys::pixfer_converter_info {
//!     struct_size: std::mem::size_of::<pixfer_sys::pixfer_converter_info>(),
//!     ..Default::default()
//! };
//! ```

// The library looks at enumerations as integers, so that a number that is none of them is an error of the call and not undefined.
#[allow(
    non_camel_case_types,
    clippy::all,
    clippy::pedantic,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    rustdoc::invalid_codeblock_attributes,
    rustdoc::invalid_rust_codeblocks
)]
mod bindings;
pub use bindings::*;

#[cfg(feature = "exporter")]
#[allow(
    non_camel_case_types,
    clippy::all,
    clippy::pedantic,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    rustdoc::invalid_codeblock_attributes,
    rustdoc::invalid_rust_codeblocks
)]
mod exporter;
#[cfg(feature = "exporter")]
pub use exporter::*;

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;
    use std::mem::size_of;
    use std::ptr;

    #[test]
    fn version_is_the_crates() {
        let version = unsafe { CStr::from_ptr(pixfer_version()) };
        let mut numbers = version.to_str().unwrap().split('.');
        assert_eq!(numbers.next(), option_env!("CARGO_PKG_VERSION_MAJOR"), "{version:?}");
        assert_eq!(numbers.next(), option_env!("CARGO_PKG_VERSION_MINOR"), "{version:?}");
    }

    // What the compiled library takes a structure for: it leaves there how much of one it has filled.
    #[test]
    fn sizes_are_the_librarys() {
        let mut backend = pixfer_backend_info {
            struct_size: size_of::<pixfer_backend_info>() + 4096,
            ..Default::default()
        };
        let mut room = [0u8; size_of::<pixfer_backend_info>() + 4096];
        let filled: *mut pixfer_backend_info = room.as_mut_ptr().cast();
        unsafe {
            ptr::write_unaligned(filled, backend);
            assert_eq!(pixfer_backend_get_info(PIXFER_BACKEND_CPU, filled), PIXFER_OK);
            backend = ptr::read_unaligned(filled);
        }
        assert!(backend.struct_size >= size_of::<pixfer_backend_info>(), "{}", backend.struct_size);
        assert_eq!((backend.exact, backend.takes_rows), (1, 1));
    }

    #[test]
    fn converts() {
        let params = pixfer_converter_params {
            struct_size: size_of::<pixfer_converter_params>(),
            src_format: PIXFER_FORMAT_RGBA,
            dst_format: PIXFER_FORMAT_NV12,
            width: 2,
            height: 2,
            ..Default::default()
        };
        let mut rgba = [255u8; 16];
        let mut nv12 = [0u8; 6];
        let mut src = pixfer_image::default();
        let mut dst = pixfer_image::default();
        let mut converter = ptr::null_mut();
        unsafe {
            assert_eq!(
                pixfer_image_layout(&mut src, PIXFER_FORMAT_RGBA, 2, 2, rgba.as_mut_ptr(), 1),
                rgba.len()
            );
            assert_eq!(
                pixfer_image_layout(&mut dst, PIXFER_FORMAT_NV12, 2, 2, nv12.as_mut_ptr(), 1),
                nv12.len()
            );
            assert_eq!(pixfer_converter_open(&mut converter, &params), PIXFER_OK);
            assert_eq!(pixfer_convert(converter, &src, &dst), PIXFER_OK);
            pixfer_converter_close(&mut converter);
        }
        assert_eq!(nv12, [235, 235, 235, 235, 128, 128]);
    }
}
