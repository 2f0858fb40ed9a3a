# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Sourced by scripts/demo and scripts/check: finds the machine's package manager and installs what is missing.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

say() { printf '\n== %s\n' "$*"; }
die() { printf '%s: %s\n' "$0" "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "$* needs root, and there is no sudo: run it as root, then run $0 again"
    fi
}

# A build and the libraries of the tool, by package manager; what `check` needs beyond that.
apt_build="gcc libc6-dev cmake make pkg-config libavcodec-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev
           libjansson-dev ffmpeg"
apt_check="g++ clang lld libclang-rt-14-dev libcmocka-dev libyuv-dev qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
           gnuplot-nox procps util-linux python3 clang-format-14 clang-tidy-14 meson"
# What the tests of one area need: `check` installs all of them.
apt_gstreamer="libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
               gstreamer1.0-plugins-ugly valgrind libc6-dbg"
apt_packages="dpkg-dev debhelper dh-python fakeroot debootstrap lintian python3-dev python3-setuptools zsh fish ninja-build"
apt_rust="cargo rustc rust-clippy rustfmt bindgen librust-cc-dev librust-pkg-config-dev
          gcc-mingw-w64-x86-64-win32 wine wine64"
apt_python="python3-venv python3-dev python3-pip python3-setuptools python3-wheel python3-numpy python3-pil python3-av mypy"
apt_web="nodejs wasi-libc libclang-rt-14-dev-wasm32 chromium"
# Other sources' packages of node hold npm and the headers.
command -v npm >/dev/null || apt_web+=" npm"
[ -e /usr/include/node/node_api.h ] || apt_web+=" libnode-dev"
apt_vulkan="glslc spirv-cross spirv-tools libvulkan-dev mesa-vulkan-drivers vulkan-validationlayers"
apt_windows="wine64 wine xvfb gcc-mingw-w64-x86-64-win32 libz-mingw-w64-dev nasm ninja-build zip unzip dpkg-dev libffmpeg-nvenc-dev llvm-14"
apt_farm="slurm-wlm munge parallel python3-yaml"
apt_hdr="libzimg-dev libplacebo-dev"
for area in rust python gstreamer packages web vulkan windows farm hdr; do
    list_name=apt_$area
    apt_check+=" ${!list_name}"
done
dnf_build="gcc cmake make pkgconf-pkg-config ffmpeg-free-devel jansson-devel ffmpeg-free"
dnf_check="gcc-c++ clang lld compiler-rt libcmocka-devel libyuv-devel qemu-user gcc-aarch64-linux-gnu gnuplot-minimal procps-ng util-linux python3"
brew_build="cmake pkgconf ffmpeg jansson"
brew_check="cmocka gnuplot"

apt_missing() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
    done
}

# need build|check: installs what of that list is not there yet.
need() {
    local list_name missing
    if command -v apt-get >/dev/null; then
        list_name=apt_$1
        missing=$(apt_missing ${!list_name} | xargs)
        [ -n "$missing" ] || return 0
        say "installing $missing"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
    elif command -v dnf >/dev/null; then
        list_name=dnf_$1
        rpm -q --whatprovides ${!list_name} >/dev/null 2>&1 || as_root dnf install -y ${!list_name}
    elif command -v brew >/dev/null; then
        list_name=brew_$1
        brew list ${!list_name} >/dev/null 2>&1 || brew install ${!list_name}
    else
        list_name=apt_$1
        die "found none of apt-get, dnf and brew: install the equivalents of ${!list_name}, then build as CONTRIBUTING.md says"
    fi
}

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# build PRESET [cmake options]: configures and builds into build/PRESET, quietly unless it fails.
build() {
    local preset=$1 log
    shift
    mkdir -p build
    log=build/$preset.log
    if ! { cmake --preset "$preset" "$@" && cmake --build --preset "$preset" --parallel "$jobs"; } >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        return 1
    fi
}
