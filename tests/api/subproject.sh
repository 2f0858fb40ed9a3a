#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# pixfer inside another project, by add_subdirectory and FetchContent: its targets are there, and nothing of the parent changes.
. "$(dirname "$0")/common.sh"

consumer=$source_dir/tests/api/consumer.c
export_mp4=
! grep -q '^PIXFER_EXPORTER_LIBS_FOUND:.*=1' "$build_dir/CMakeCache.txt" || export_mp4=$source_dir/examples/export_mp4.c

# parent NAME HOW [OPTION...]
parent() {
    local folder=$work/$1
    echo "# $1"
    "$CMAKE" -S "$source_dir/tests/api/subproject" -B "$folder" -DHOW="$2" -DPIXFER_SOURCE="$source_dir" -DCORE="$consumer" \
        -DCMAKE_C_COMPILER="$CC" "${@:3}" >"$folder.log" 2>&1 || { cat "$folder.log"; die "$1: cannot be configured"; }
    "$CMAKE" --build "$folder" --parallel 2 >>"$folder.log" 2>&1 || { cat "$folder.log"; die "$1: cannot be built"; }
    "$folder/core"
    [ "$(cd "$folder" && "${CMAKE%cmake}ctest" -N | grep -c 'Test *#')" = 1 ] || die "$1: the tests are not the parent's alone"
    "$CMAKE" --install "$folder" --prefix "$folder/prefix" >/dev/null
    [ "$(cd "$folder/prefix" && find . -type f)" = ./bin/core ] || die "$1: installed $(cd "$folder/prefix" && find . -type f | xargs)"
    ! "$CMAKE" --build "$folder" --target help | grep -qE '\b(uninstall|pixfer-bench)\b' || die "$1: there are targets of pixfer's own"
}

parent static add_subdirectory -DEXPORTER="$export_mp4"
[ -z "$(find "$work/static" -name 'libpixfer*.so*')" ] || die "without BUILD_SHARED_LIBS there are shared libraries"
if [ -n "$export_mp4" ]; then
    "$work/static/exporter" "$work/static.mp4" >"$work/run.log" 2>&1 || { cat "$work/run.log"; die "the export failed"; }
fi

parent shared FetchContent -DBUILD_SHARED_LIBS=ON -DPIXFER_EXPORTER=OFF
[ -z "$(find "$work/shared" -name 'libpixfer*.a')" ] || die "with BUILD_SHARED_LIBS there are static libraries"
