// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::ffi::CStr;
use std::{error, fmt, io};

use pixfer_sys as sys;

/// Why a call failed.
///
/// The text of a variant is one line that names what is wrong, what was found and what was expected. A call that failed has
/// written nothing that could be mistaken for a result, unless its own documentation says so.
///
/// ```
/// use pixfer::{Error, Format, Image};
///
/// let error = Image::new(Format::Rgba, 16, 16, &[0; 1000]).unwrap_err();
/// assert!(matches!(error, Error::Invalid(_)));
/// assert_eq!(error.to_string(), "invalid argument: data has 1000 bytes, expected at least 1024 for rgba 16x16");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// An argument is wrong.
    Invalid(String),
    /// The arguments mean something, but this build or backend cannot do it.
    Unsupported(String),
    /// There is no memory for it.
    NoMemory(String),
    /// The hardware, instruction set, backend or encoder that was asked for is not on this machine.
    Unavailable(String),
    /// Hardware or its driver failed while it ran.
    Device(String),
    /// A file, a pipe or a stream could not be read or written.
    Io(String),
    /// The export was cancelled, or its progress callback asked for the end.
    Cancelled(String),
    /// Nothing is wrong, but it cannot be done now without waiting.
    Again,
    /// A result that this version of the crate does not know.
    Other {
        /// The library's number for it.
        code: i32,
        /// What it said.
        message: String,
    },
}

impl Error {
    pub(crate) fn from_code(code: sys::pixfer_result, message: String) -> Error {
        match code {
            sys::PIXFER_ERR_INVALID => Error::Invalid(message),
            sys::PIXFER_ERR_UNSUPPORTED => Error::Unsupported(message),
            sys::PIXFER_ERR_NO_MEMORY => Error::NoMemory(message),
            sys::PIXFER_ERR_UNAVAILABLE => Error::Unavailable(message),
            sys::PIXFER_ERR_DEVICE => Error::Device(message),
            sys::PIXFER_ERR_IO => Error::Io(message),
            sys::PIXFER_ERR_CANCELLED => Error::Cancelled(message),
            sys::PIXFER_ERR_AGAIN => Error::Again,
            code => Error::Other { code, message },
        }
    }

    /// The number of this error in the C library (`enum pixfer_result`), which is negative.
    pub fn code(&self) -> i32 {
        match self {
            Error::Invalid(_) => sys::PIXFER_ERR_INVALID,
            Error::Unsupported(_) => sys::PIXFER_ERR_UNSUPPORTED,
            Error::NoMemory(_) => sys::PIXFER_ERR_NO_MEMORY,
            Error::Unavailable(_) => sys::PIXFER_ERR_UNAVAILABLE,
            Error::Device(_) => sys::PIXFER_ERR_DEVICE,
            Error::Io(_) => sys::PIXFER_ERR_IO,
            Error::Cancelled(_) => sys::PIXFER_ERR_CANCELLED,
            Error::Again => sys::PIXFER_ERR_AGAIN,
            Error::Other { code, .. } => *code,
        }
    }

    /// The line that tells what was found and what was expected; empty where there is nothing to tell.
    pub fn message(&self) -> &str {
        match self {
            Error::Invalid(message)
            | Error::Unsupported(message)
            | Error::NoMemory(message)
            | Error::Unavailable(message)
            | Error::Device(message)
            | Error::Io(message)
            | Error::Cancelled(message)
            | Error::Other { message, .. } => message,
            Error::Again => "",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Texts that live as long as the library, for every number.
        let phrase = unsafe { CStr::from_ptr(sys::pixfer_strerror(self.code())) };
        f.write_str(&phrase.to_string_lossy())?;
        match self.message() {
            "" => Ok(()),
            message => write!(f, ": {message}"),
        }
    }
}

impl error::Error for Error {}

/// For functions that answer with [`io::Error`]: the kind that comes closest, with this error inside.
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match error {
            Error::Invalid(_) => io::ErrorKind::InvalidInput,
            Error::Unsupported(_) => io::ErrorKind::Unsupported,
            Error::NoMemory(_) => io::ErrorKind::OutOfMemory,
            Error::Unavailable(_) => io::ErrorKind::NotFound,
            Error::Again => io::ErrorKind::WouldBlock,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

/// What calls of this crate answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

pub(crate) fn invalid<T>(message: String) -> Result<T> {
    Err(Error::Invalid(message))
}
