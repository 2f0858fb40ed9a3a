#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Tests and lints with the toolchain that is first in the path, where that is another than Debian's; Miri where it is there.
. "$(dirname "$0")/common.sh"

oldest=$("$rustc" --version)
other=$(PATH=$(printf '%s' "$PATH:${HOME:-}/.cargo/bin" | tr ':' '\n' | grep -vx '/usr/bin' | paste -sd:) command -v rustc || true)
[ -n "$other" ] && [ -x "${other%rustc}cargo" ] && "$other" --version >/dev/null 2>&1 || skip "there is no other toolchain than $oldest"
[ "$("$other" --version)" != "$oldest" ] || skip "the other toolchain is $oldest, too"
use_toolchain "${other%rustc}cargo" "$other"

tests --workspace --tests
if "$cargo" clippy --version >/dev/null 2>&1; then
    quietly "$cargo" clippy -q --workspace --all-targets -- -D warnings
fi
RUSTDOCFLAGS="-D warnings" quietly "$cargo" doc -q --workspace --no-deps
if [ -f "$build_dir/src/exporter/libpixfer-exporter.so" ]; then
    use_system
    ! "$cargo" clippy --version >/dev/null 2>&1 ||
        quietly "$cargo" clippy -q --workspace --all-targets --features pixfer/exporter -- -D warnings
fi
unset RUSTC RUSTDOC
if "$cargo" +nightly miri --version >/dev/null 2>&1; then
    echo "# Miri"
    quietly "$cargo" +nightly miri test -q --lib -p pixfer
else
    echo "# no Miri"
fi
