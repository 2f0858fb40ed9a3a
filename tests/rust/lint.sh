#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Layout, clippy, rustdoc; versions; and whether the bindings are what bindgen makes of the headers.
. "$(dirname "$0")/common.sh"

echo "# versions"
version=$(sed -n 's/^#define PIXFER_VERSION_[A-Z]* //p' "$source_dir/include/pixfer/version.h" | paste -sd.)
for crate in pixfer-sys pixfer; do
    found=$(sed -n 's/^version = "\(.*\)"/\1/p' $crate/Cargo.toml)
    [ "$found" = "$version" ] || die "$crate/Cargo.toml has version $found, expected $version as in pixfer/version.h"
done
grep -q "pixfer-sys = .* version = \"$version\"" pixfer/Cargo.toml || die "pixfer does not depend on pixfer-sys $version"
! grep -n 'pixfer = .*"[0-9]' pixfer/README.md | grep -v "\"${version%.*}\"" || die "pixfer/README.md has another version than ${version%.*}"

if "$cargo" fmt --version >/dev/null 2>&1; then
    echo "# layout"
    "$cargo" fmt --all -- --check || die "not laid out by rustfmt: cargo fmt"
fi
if "$cargo" clippy --version >/dev/null 2>&1; then
    echo "# clippy"
    quietly "$cargo" clippy -q --workspace --all-targets -- -D warnings
fi
echo "# documentation"
RUSTDOCFLAGS="-D warnings" quietly "$cargo" doc -q --workspace --no-deps
if [ -f "$build_dir/src/exporter/libpixfer-exporter.so" ]; then
    use_system
    ! "$cargo" clippy --version >/dev/null 2>&1 ||
        quietly "$cargo" clippy -q --workspace --all-targets --features pixfer/exporter -- -D warnings
    RUSTDOCFLAGS="-D warnings" quietly "$cargo" doc -q --workspace --no-deps --features pixfer/exporter
fi

if [ "$(bindgen --version 2>/dev/null)" = "bindgen 0.60.1" ]; then
    echo "# bindings"
    PATH=/usr/bin:$PATH pixfer-sys/bindgen.sh "$work"
    python3 "$here/bindings.py" pixfer-sys/src "$work"
fi
