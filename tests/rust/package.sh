#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# `cargo package` of both crates, each built from its package alone; then a stranger's program that has nothing but the packages.
. "$(dirname "$0")/common.sh"

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pixfer/Cargo.toml)

# A registry with Debian's crates and, as soon as it is packed, pixfer-sys.
crates=$work/registry
mkdir "$crates"
for crate in cc pkg-config; do ln -s "$(ls -d "$registry/$crate"-[0-9]* | tail -1)" "$crates/"; done
sed "s|^directory = .*|directory = \"$crates\"|" .cargo/config.toml >"$work/config.toml"
cp "$work/config.toml" .cargo/config.toml
add() { # add CRATE: its package, as a directory source wants it
    local package=$CARGO_TARGET_DIR/package/$1-$version.crate
    tar -xzf "$package" -C "$crates"
    printf '{"package":"%s","files":{}}\n' "$(sha256sum "$package" | cut -d' ' -f1)" >"$crates/$1-$version/.cargo-checksum.json"
}

# That what is packed builds, the next step shows of both.
echo "# cargo package of pixfer-sys"
(cd pixfer-sys && quietly "$cargo" package --allow-dirty --no-verify)
add pixfer-sys
[ -f "$crates/pixfer-sys-$version/vendor/src/core/converter.c" ] && [ ! -L "$crates/pixfer-sys-$version/vendor/src" ] ||
    die "the package of pixfer-sys has no sources"
[ ! -e "$crates/pixfer-sys-$version/vendor/src/exporter" ] || die "the package of pixfer-sys has the exporter's sources"
echo "# cargo package of pixfer"
(cd pixfer && quietly "$cargo" package --allow-dirty)
add pixfer

echo "# a program that has the packages only"
mkdir -p "$work/program/src" "$work/program/.cargo"
cp "$work/config.toml" "$work/program/.cargo/"
cp "$crates/pixfer-$version/examples/reference_md5.rs" "$work/program/src/main.rs"
cat >"$work/program/Cargo.toml" <<TOML
[package]
name = "stranger"
version = "0.0.0"
edition = "2021"
[dependencies]
pixfer = "${version%.*}"
[workspace]
TOML
found=$(cd "$work/program" && "$cargo" run -q | md5sum | cut -d' ' -f1)
[ "$found" = "$(reference_md5)" ] || die "the stranger's frame has md5 $found, expected $(reference_md5)"
