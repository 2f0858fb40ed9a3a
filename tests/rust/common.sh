# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests of this folder: SOURCE-DIR BUILD-DIR as arguments, a temporary folder as $work, the crates in $tree/bindings/rust.
set -euo pipefail
source_dir=$1 build_dir=$2
here=$(cd "$(dirname "$0")" && pwd)
die() { printf '%s\n' "$*" >&2; exit 1; }
skip() { printf '%s\n' "$*"; exit 77; }

registry=/usr/share/cargo/registry
for crate in cc pkg-config; do
    ls -d "$registry/$crate"-[0-9]* >/dev/null 2>&1 || skip "needs the crate $crate in $registry: install librust-$crate-dev"
done
# The oldest toolchain that is supported is Debian's; elsewhere the one there is.
cargo=/usr/bin/cargo rustc=/usr/bin/rustc
[ -x $cargo ] && [ -x $rustc ] || { cargo=$(command -v cargo || true) rustc=$(command -v rustc || true); }
[ -n "$cargo" ] && [ -n "$rustc" ] || skip "needs cargo and rustc"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What cargo writes lies in the build tree, nothing in the sources or the home folder. Files keep their times, so that what has not
# changed is not built again.
area=$build_dir/tests/rust
tree=$area/tree
mkdir -p "$area/home" "$tree/bindings"
# ctest runs them one after the other; so does this where they are run by hand.
! command -v flock >/dev/null || { exec 9>"$area/lock" && flock 9; }
ln -sfn "$source_dir/src" "$tree/src"
ln -sfn "$source_dir/include" "$tree/include"
ln -sfn "$source_dir/LICENSE" "$tree/LICENSE"
rm -rf "$tree/bindings/rust"
(cd "$source_dir/bindings" && tar -cf - --exclude=target --exclude=Cargo.lock rust) | tar -xpf - -C "$tree/bindings"
mkdir "$tree/bindings/rust/.cargo"
sed '/^#/d' "$source_dir/bindings/rust/debian.toml" >"$tree/bindings/rust/.cargo/config.toml"
cd "$tree/bindings/rust"

# The home of rustup's toolchains stays what it is.
export RUSTUP_HOME=${RUSTUP_HOME:-${HOME:-/nonexistent}/.rustup}
export CARGO_HOME=$area/home CARGO_NET_OFFLINE=true CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
unset RUSTFLAGS CARGO_BUILD_TARGET CARGO_TARGET_DIR PKG_CONFIG_PATH RUST_BACKTRACE PIXFER_LOG PIXFER_THREADS PIXFER_CPU PIXFER_BACKEND

# use_toolchain CARGO RUSTC: for all that follows.
use_toolchain() {
    cargo=$1 rustc=$2
    export RUSTC=$2
    export CARGO_TARGET_DIR=$area/target/$("$rustc" --version | awk '{ print $2 }')
    # rustdoc, cargo-clippy and clippy-driver of the same one.
    PATH=$(dirname "$rustc"):$PATH
    export RUSTDOC=${rustc%rustc}rustdoc
    echo "# $("$rustc" --version), $("$cargo" --version)"
}
use_toolchain "$cargo" "$rustc"

# quietly COMMAND...: its output only where it fails.
quietly() { "$@" >"$work/run.log" 2>&1 || { cat "$work/run.log"; die "$* failed"; }; }

# The libraries of this build, installed where pkg-config and the loader find them.
use_system() {
    local manifests=$work/manifests component
    mkdir "$manifests"
    mv "$build_dir"/install_manifest*.txt "$manifests/" 2>/dev/null || true
    for component in library development; do
        quietly "${CMAKE:-cmake}" --install "$build_dir" --component $component --prefix "$area/prefix"
    done
    rm -f "$build_dir"/install_manifest*.txt
    mv "$manifests"/* "$build_dir/" 2>/dev/null || true
    PKG_CONFIG_PATH=$(dirname "$(find "$area/prefix" -name pixfer.pc)")
    export PKG_CONFIG_PATH LD_LIBRARY_PATH=${PKG_CONFIG_PATH%/pkgconfig}
}

# tests CARGO-OPTIONS...: `cargo test`, with a line for what each of its programs says.
tests() {
    local status=0
    "$cargo" test -q "$@" >"$work/tests.log" 2>&1 || status=$?
    grep -E '^test result: ' "$work/tests.log" | sort | uniq -c || true
    [ $status = 0 ] || { cat "$work/tests.log"; die "cargo test $* failed"; }
}

reference_md5() {
    sed -n 's/^.*libpixfer-sws.*`\([0-9a-f]\{32\}\)`.*$/\1/p' "$source_dir/doc/bindings.md"
}
