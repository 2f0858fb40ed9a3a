#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The crates with the libraries of this build, as an installed copy shows them to pkg-config: MP4s are read by ffprobe and ffmpeg.
. "$(dirname "$0")/common.sh"

command -v ffprobe >/dev/null && command -v ffmpeg >/dev/null || skip "needs ffmpeg and ffprobe"
use_system
tests --workspace --tests --features pixfer/exporter
# The documentation of all else is tested by core.sh.
tests -p pixfer --doc --features exporter -- exporter
"$cargo" run -q -p pixfer --features exporter --example export_mp4 "$work/example.mp4"
streams=$(ffprobe -v error -select_streams v:0 -show_entries stream=codec_name,nb_frames -of csv=p=0 "$work/example.mp4")
[ "$streams" = "h264,120" ] || die "the example's video is '$streams', expected h264,120"
found=$("$cargo" run -q -p pixfer --features system --example reference_md5 | md5sum | cut -d' ' -f1)
[ "$found" = "$(reference_md5)" ] || die "with the installed library the reference frame's md5 is $found, expected $(reference_md5)"

echo "# without the libraries it says what is missing"
touch pixfer-sys/build.rs
! PKG_CONFIG_PATH=$work PKG_CONFIG_LIBDIR=$work "$cargo" build -q -p pixfer --features exporter --target-dir "$work/target" \
    >"$work/missing" 2>&1 || die "it was built without libpixfer-exporter"
grep -q 'the feature `exporter` needs pixfer-exporter' "$work/missing" || { cat "$work/missing"; die "expected a line with what is missing"; }
