#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The crates' tests and documentation with the library's sources compiled in, and the reference frame of doc/bindings.md.
. "$(dirname "$0")/common.sh"

tests --workspace
"$cargo" run -q --example replace_swscale 65 33
found=$("$cargo" run -q --example reference_md5 | md5sum | cut -d' ' -f1)
[ "$found" = "$(reference_md5)" ] || die "the reference frame's md5 is $found, expected $(reference_md5) as in doc/bindings.md"
"$cargo" run -q --example reference_md5 -- "$work/reference.nv12"
[ "$(md5sum <"$work/reference.nv12" | cut -d' ' -f1)" = "$found" ] || die "another frame in the file"
grep -q "\`$found\`" <(grep 'bindings/rust' "$source_dir/doc/bindings.md") || die "doc/bindings.md has another md5 for Rust"

echo "# a shared library that contains it shows nothing of it"
mkdir -p "$work/plugin/src" "$work/plugin/.cargo"
cp .cargo/config.toml "$work/plugin/.cargo/"
cat >"$work/plugin/Cargo.toml" <<TOML
[package]
name = "plugin"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[dependencies]
pixfer = { path = "$PWD/pixfer" }
[workspace]
TOML
cat >"$work/plugin/src/lib.rs" <<'RUST'
#[no_mangle]
pub extern "C" fn plugin(width: u32) -> bool {
    pixfer::Converter::new(pixfer::Format::Rgba, pixfer::Format::Nv12, width, 2).is_ok()
}
RUST
(cd "$work/plugin" && quietly "$cargo" build)
nm -D --defined-only "$CARGO_TARGET_DIR/debug/libplugin.so" >"$work/shown"
grep -q ' plugin$' "$work/shown" || die "libplugin.so does not show plugin"
! grep pixfer_ "$work/shown" || die "libplugin.so shows the library's functions"

echo "# nothing was written into the sources"
[ ! -e "$source_dir/bindings/rust/target" ] || echo "# (bindings/rust/target is the developer's own)"
