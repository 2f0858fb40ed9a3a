// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Compiles the library from vendor/, or with the feature `system` asks pkg-config for it.

use std::env;
#[cfg(not(feature = "system"))]
use std::fs;
#[cfg(not(feature = "system"))]
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=DOCS_RS");
    if env::var_os("DOCS_RS").is_some() {
        return; // documentation links nothing
    }
    #[cfg(feature = "system")]
    system();
    #[cfg(not(feature = "system"))]
    vendored();
}

/// An older minor version has other structures (doc/api-stability.md), a newer one may have.
#[cfg(feature = "system")]
fn system() {
    let number = |name: &str| -> u32 { env::var(name).unwrap().parse().unwrap() };
    let (major, minor) = (number("CARGO_PKG_VERSION_MAJOR"), number("CARGO_PKG_VERSION_MINOR"));
    let (from, to) = (format!("{major}.{minor}.0"), format!("{major}.{}.0", minor + 1));
    let (feature, module) =
        if cfg!(feature = "exporter") { ("exporter", "pixfer-exporter") } else { ("system", "pixfer") };
    let found = pkg_config::Config::new().range_version(from.as_str()..to.as_str()).probe(module);
    if let Err(error) = found {
        eprintln!(
            "pixfer-sys: the feature `{feature}` needs {module} {major}.{minor}: install it, or name the folder of \
             its {module}.pc in PKG_CONFIG_PATH\n{error}"
        );
        std::process::exit(1);
    }
}

#[cfg(not(feature = "system"))]
fn vendored() {
    let root = sources();
    println!("cargo:include={}", root.join("include").display());
    let apple = env::var("CARGO_CFG_TARGET_VENDOR").as_deref() == Ok("apple")
        && env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("macos");
    let mut files = Vec::new();
    for folder in ["core", "kernels", "platform", "backends"] {
        collect(&root.join("src").join(folder), &mut files);
    }
    files.sort();

    let mut build = cc::Build::new();
    build
        .include(root.join("include"))
        .files(files.iter().filter(|file| file.extension().map_or(false, |extension| extension == "c")))
        .warnings(false)
        // The kernels are the work: a debug build of a program must not make them slow.
        .opt_level(2)
        .debug(false)
        .define("NDEBUG", None)
        .define("PIXFER_STATIC", None)
        .flag_if_supported("-std=gnu11")
        .flag_if_supported("-fvisibility=hidden")
        .flag_if_supported("/std:c11")
        .flag_if_supported("/experimental:c11atomics");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        build.define("_GNU_SOURCE", None);
    }
    if apple {
        build.define("PIXFER_WITH_VIDEOTOOLBOX", "1");
    }
    build.compile("pixfer");

    collect(&root.join("include"), &mut files);
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    if env::var_os("CARGO_CFG_UNIX").is_some() {
        println!("cargo:rustc-link-lib=m");
        println!("cargo:rustc-link-lib=pthread");
    }
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-link-lib=dl"); // older glibc has dlopen there
    }
    if apple {
        for framework in ["CoreFoundation", "CoreVideo", "VideoToolbox", "IOSurface"] {
            println!("cargo:rustc-link-lib=framework={}", framework);
        }
    }
}

/// vendor/ of a package, or the repository around this crate where links to folders are not links.
#[cfg(not(feature = "system"))]
fn sources() -> PathBuf {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    for root in [here.join("vendor"), here.join("../../..")] {
        if root.join("src/core/converter.c").is_file() && root.join("include/pixfer/pixfer.h").is_file() {
            return root;
        }
    }
    eprintln!("pixfer-sys: {} has no sources, expected src/ and include/", here.join("vendor").display());
    std::process::exit(1);
}

/// The C files and headers below a folder.
#[cfg(not(feature = "system"))]
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            eprintln!("pixfer-sys: {}: {}", folder.display(), error);
            std::process::exit(1);
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().map_or(false, |extension| extension == "c" || extension == "h") {
            files.push(path);
        }
    }
}
