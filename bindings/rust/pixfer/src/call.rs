// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Calls into the library, and what comes back from it: lines of its log, of which one is the text of an error, and panics of the
//! program's own closures, which may not cross C.

use std::any::Any;
use std::cell::RefCell;
use std::env;
use std::ffi::CStr;
use std::fmt;
use std::mem;
use std::os::raw::{c_char, c_int, c_void};
use std::panic::{self, AssertUnwindSafe};

use pixfer_sys as sys;

use crate::error::{invalid, Error, Result};

/// How loud a line of the log is. A closure receives every line and decides by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A call fails, or an export ends.
    Error,
    /// Something was refused or given up, and the work goes on.
    Warning,
    /// What was chosen, and why.
    Info,
    /// Everything else.
    Debug,
}

impl Level {
    const ALL: [Level; 4] = [Level::Error, Level::Warning, Level::Info, Level::Debug];

    fn from_raw(level: c_int) -> Level {
        usize::try_from(level).ok().and_then(|level| Level::ALL.get(level)).copied().unwrap_or(Level::Debug)
    }

    fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
            Level::Debug => "debug",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A closure that receives lines, as a value.
pub type LogClosure = Box<dyn Fn(Level, &str) + Send + Sync>;

/// What this thread is doing.
struct Thread {
    /// The gravest line since the call began, the latest of its kind.
    line: Option<(Level, String)>,
    panic: Option<Box<dyn Any + Send>>,
    /// The objects whose closures are running, outermost first.
    inside: Vec<*const Log>,
}

mod thread {
    // What is const is the initial value, of which every thread has one of its own.
    #![allow(clippy::declare_interior_mutable_const)]
    use super::*;

    thread_local! {
        pub(super) static THREAD: RefCell<Thread> =
            const { RefCell::new(Thread { line: None, panic: None, inside: Vec::new() }) };
    }
}
use thread::THREAD;

/// Where the lines of one object go: its address is the callback's `opaque`.
pub(crate) struct Log {
    closure: Option<LogClosure>,
    /// The closure's part where there is none: what `PIXFER_LOG` asks for.
    stderr: Option<Level>,
}

impl Log {
    /// On the heap, so that its address stays. As the library does with no callback, `PIXFER_LOG` counts with no closure.
    pub(crate) fn new(closure: Option<LogClosure>) -> Result<Box<Log>> {
        let mut stderr = None;
        if let (None, Some(wanted)) = (&closure, env::var_os("PIXFER_LOG").filter(|value| !value.is_empty()))
        {
            stderr = Level::ALL.into_iter().find(|level| wanted == level.name());
            if stderr.is_none() {
                return invalid(format!("PIXFER_LOG is {wanted:?}, expected error, warning, info or debug"));
            }
        }
        Ok(Box::new(Log { closure, stderr }))
    }

    pub(crate) fn opaque(&self) -> *mut c_void {
        self as *const Log as *mut c_void
    }

    /// Runs a closure of the program's that the library has called. `None` if it panics: the panic goes on when the library has
    /// returned to [`Log::call`], if that was called on this thread, and is dropped otherwise.
    pub(crate) fn closure<R>(&self, closure: impl FnOnce() -> R) -> Option<R> {
        let entered = THREAD.try_with(|thread| thread.borrow_mut().inside.push(self)).is_ok();
        let result = panic::catch_unwind(AssertUnwindSafe(closure));
        let panicked = if entered {
            THREAD.with(|thread| {
                let mut thread = thread.borrow_mut();
                thread.inside.pop();
                result.map_err(|panic| match thread.panic {
                    None => thread.panic = Some(panic),
                    // Dropping what somebody panicked with may panic.
                    Some(_) => mem::forget(panic),
                })
            })
        } else {
            result.map_err(mem::forget)
        };
        panicked.ok()
    }

    fn line(&self, level: Level, line: &str) {
        if level <= Level::Warning {
            let _ = THREAD.try_with(|thread| {
                let last = &mut thread.borrow_mut().line;
                if last.as_ref().map_or(true, |(gravest, _)| level <= *gravest) {
                    *last = Some((level, line.to_owned()));
                }
            });
        }
        if let Some(closure) = &self.closure {
            let _ = self.closure(|| closure(level, line));
        } else if self.stderr.map_or(false, |loudest| level <= loudest) {
            use std::io::Write;
            // As the library: who has no stderr hears nothing.
            let _ = writeln!(std::io::stderr(), "pixfer: {level}: {line}");
        }
    }

    /// Whether one of the object's closures is running on this thread.
    pub(crate) fn is_inside(&self) -> bool {
        THREAD.with(|thread| thread.borrow().inside.contains(&(self as *const Log)))
    }

    /// Calls the library, which lets no callback call back into the object that it belongs to: that is refused here.
    pub(crate) fn call(&self, call: impl FnOnce() -> sys::pixfer_result) -> Outcome {
        if self.is_inside() {
            let line = "called from a closure of the same object, expected a call from outside";
            return Outcome { code: sys::PIXFER_ERR_INVALID, line: Some(line.to_owned()), panic: None };
        }
        self.call_from_anywhere(call)
    }

    /// The same for what callbacks may call, too.
    pub(crate) fn call_from_anywhere(&self, call: impl FnOnce() -> sys::pixfer_result) -> Outcome {
        // What an outer call on this thread, in one of whose closures this one is made, has heard so far.
        let (outer_line, outer_panic) = THREAD.with(|thread| {
            let mut thread = thread.borrow_mut();
            (thread.line.take(), thread.panic.take())
        });
        let code = call();
        THREAD.with(|thread| {
            let mut thread = thread.borrow_mut();
            Outcome {
                code,
                line: mem::replace(&mut thread.line, outer_line).map(|(_, line)| line),
                panic: mem::replace(&mut thread.panic, outer_panic),
            }
        })
    }
}

/// A line for the object whose `Log` is `opaque`.
pub(crate) unsafe extern "C" fn log_line(opaque: *mut c_void, level: c_int, line: *const c_char) {
    // A `Log` outlives the object that it was given to; a line is valid during the call.
    let (log, line) = unsafe { (&*(opaque as *const Log), CStr::from_ptr(line)) };
    log.line(Level::from_raw(level), &line.to_string_lossy());
}

/// What a call has come to.
pub(crate) struct Outcome {
    pub(crate) code: sys::pixfer_result,
    pub(crate) line: Option<String>,
    pub(crate) panic: Option<Box<dyn Any + Send>>,
}

impl Outcome {
    /// A panic of a closure goes on from here.
    pub(crate) fn result(self) -> Result<()> {
        if let Some(panic) = self.panic {
            panic::resume_unwind(panic);
        }
        if self.code == sys::PIXFER_OK {
            Ok(())
        } else {
            Err(Error::from_code(self.code, self.line.unwrap_or_default()))
        }
    }

    /// For destructors, which panic in no case.
    pub(crate) fn ignore(self) {
        mem::forget(self.panic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::Arc;

    #[test]
    fn the_gravest_line_is_the_errors() {
        let log = Log::new(Some(Box::new(|_, _| ()))).unwrap();
        let outcome = log.call(|| {
            log.line(Level::Info, "chosen");
            log.line(Level::Error, "broken");
            log.line(Level::Warning, "given up");
            sys::PIXFER_ERR_DEVICE
        });
        assert_eq!(outcome.result(), Err(Error::Device("broken".to_owned())));
        let outcome = log.call(|| sys::PIXFER_ERR_IO);
        assert_eq!(outcome.result(), Err(Error::Io(String::new())), "a line of the call before");
    }

    #[test]
    fn a_panic_goes_on_after_the_call() {
        let log = Log::new(Some(Box::new(|_, line| panic!("{}", line.to_owned())))).unwrap();
        let outcome = log.call(|| {
            log.line(Level::Info, "first");
            log.line(Level::Info, "second");
            sys::PIXFER_OK
        });
        let panic = panic::catch_unwind(AssertUnwindSafe(|| outcome.result())).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("first"));
        log.call(|| sys::PIXFER_OK).result().unwrap();
    }

    #[test]
    fn calls_nest_in_closures_of_other_objects_only() {
        let inner = Arc::new(Log::new(Some(Box::new(|_, _| ()))).unwrap());
        let calls = Arc::new(AtomicU32::new(0));
        let (seen, used) = (calls.clone(), inner.clone());
        let outer = Log::new(Some(Box::new(move |_, _| {
            let failed = used.call(|| {
                used.line(Level::Error, "inner");
                sys::PIXFER_ERR_IO
            });
            assert_eq!(failed.result(), Err(Error::Io("inner".to_owned())));
            seen.fetch_add(1, Ordering::Relaxed);
        })))
        .unwrap();
        let outcome = outer.call(|| {
            outer.line(Level::Error, "outer");
            sys::PIXFER_ERR_INVALID
        });
        assert_eq!(outcome.result(), Err(Error::Invalid("outer".to_owned())));
        assert_eq!(calls.load(Ordering::Relaxed), 1);

        let outcome = inner.closure(|| inner.call(|| unreachable!())).unwrap();
        assert!(outcome.result().unwrap_err().message().contains("closure of the same object"));
    }
}
