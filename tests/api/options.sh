#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Every option in every spelling, with what it needs present and absent, as the summary at the end of configuring tells it. Builds
# only where that differs: the core alone, and the tool without JSON.
. "$(dirname "$0")/common.sh"

command -v pkg-config >/dev/null || { echo "no pkg-config: nothing is optional here"; exit 77; }
log=$work/log
# configure [OPTION...]: in one folder, where only the compiler is remembered. $pc is where pkg-config looks, everywhere by default.
configure() {
    PKG_CONFIG_LIBDIR=${pc:-$everywhere} "$CMAKE" -S "$source_dir" -B "${folder:-$work/build}" -U 'PIXFER_*' -U 'BUILD_SHARED_LIBS' -U 'pkgcfg_*' \
        -U '__pkg_config*' -U 'libyuv_*' -U 'CMAKE_DISABLE*' -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER="$CC" "$@" >"$log" 2>&1
}
failed() { cat "$log"; die "$1"; }
# is OPTIONS PART TEXT: the summary has the line.
is() { grep -qxF -- "-- pixfer: $2 $3" "$log" || failed "$1: expected '$2 $3'"; }
starts() { grep -qF -- "-- pixfer: $2 $3" "$log" || failed "$1: expected '$2 $3...'"; }
good() { configure "$@" || failed "$*: cannot be configured"; }
bad() {
    ! configure "${@:2}" || failed "${*:2}: no failure"
    tr -s ' \n' ' ' <"$log" | grep -qF -- "$1" || failed "${*:2}: expected a failure with '$1'"
}
everywhere=$(pkg-config --variable=pc_path pkg-config)

declare -A part=([EXPORTER]="exporter" [SWSCALE]="swscale backend" [SWS_DROPIN]="swscale drop-in" [JSON]="JSON" [TOOL]="tool" [BENCH]="bench"
                 [LIBYUV]="libyuv in the bench" [CMOCKA]="tests with cmocka" [HARDENING]="hardening" [TESTS]="tests")
options=(EXPORTER SWSCALE SWS_DROPIN JSON TOOL BENCH LIBYUV CMOCKA HARDENING TESTS)
optimised=-DCMAKE_C_FLAGS=-O1

echo "# what is here"
good $optimised
present=()
for option in "${options[@]}"; do
    if grep -qxF -- "-- pixfer: ${part[$option]} on" "$log"; then
        present+=("$option")
    else
        starts "AUTO" "${part[$option]}" "off (needs "
        echo "not here: ${part[$option]}"
    fi
done
if [ "${#present[@]}" != "${#options[@]}" ]; then
    echo "only with all libraries here can they be taken away"
    exit 77
fi

echo "# spellings"
for turn in 0 1 2 3 4 5; do
    on=(ON TRUE yes 1 y On) off=(OFF FALSE no 0 n False) as_on=() as_off=()
    for i in "${!options[@]}"; do
        as_on+=("-DPIXFER_${options[i]}=${on[(i + turn) % 6]}")
        as_off+=("-DPIXFER_${options[i]}=${off[(i + turn) % 6]}")
    done
    good $optimised "${as_on[@]}"
    for option in "${options[@]}"; do is "${as_on[*]}" "${part[$option]}" on; done
    good "${as_off[@]}"
    for option in "${options[@]}"; do is "${as_off[*]}" "${part[$option]}" "off (PIXFER_$option is OFF)"; done
done
good -DPIXFER_JSON=auto
is -DPIXFER_JSON=auto JSON on
bad "PIXFER_JSON is 'maybe', expected AUTO, ON or OFF" -DPIXFER_JSON=maybe
bad "PIXFER_TESTS is 'AUTO', expected ON or OFF" -DPIXFER_TESTS=AUTO

echo "# one library missing"
# without MODULE...: a folder with every .pc file but those.
without() {
    local folder file
    pc=$work/without-${1%%.*}
    mkdir -p "$pc"
    for folder in ${everywhere//:/ }; do
        for file in "$folder"/*.pc; do [ ! -f "$file" ] || ln -sf "$file" "$pc/"; done
    done
    for file in "$@"; do rm "$pc/$file.pc"; done
}
# missing OPTION MODULE PACKAGE: AUTO is off and says why, ON fails and says why.
missing() {
    without "$2"
    good -DPIXFER_"$1"=AUTO
    starts "no $2" "${part[$1]}" "off (needs $2"
    grep -F -- "pixfer: ${part[$1]} off" "$log" | grep -qF "install $3" || failed "no $2: does not say to install $3"
    bad "PIXFER_$1 is ON, but needs $2" -DPIXFER_"$1"=ON
}
missing EXPORTER libavformat libavformat-dev
good
is "no libavformat" tool "off (needs the exporter, which needs libavformat >= 59: install libavformat-dev)"
is "no libavformat" bench "off (needs the tool)"
bad "PIXFER_TOOL is ON, but needs the exporter, which needs libavformat >= 59: install libavformat-dev" -DPIXFER_TOOL=ON
missing SWSCALE libswscale libswscale-dev
missing SWS_DROPIN libswscale libswscale-dev
bad "PIXFER_LIBRARY_SWSCALE is ON, but needs the swscale backend" -DPIXFER_LIBRARY_SWSCALE=ON
missing CMOCKA cmocka libcmocka-dev
missing JSON jansson libjansson-dev
good
is "no jansson" tool "off (needs jansson: install libjansson-dev, or -DPIXFER_JSON=OFF for a tool without JSON)"
bad "PIXFER_TOOL is ON, but needs jansson" -DPIXFER_TOOL=ON
good -DPIXFER_TOOL=ON -DPIXFER_JSON=OFF
is "no jansson, JSON off" tool on
is "no jansson, JSON off" bench "off (needs JSON)"
folder=$work/no-json good -DPIXFER_TOOL=ON -DPIXFER_JSON=OFF -DPIXFER_TESTS=OFF
"$CMAKE" --build "$work/no-json" --parallel 2 --target pixfer >"$log" 2>&1 || failed "the tool without JSON cannot be built"
! readelf -d "$work/no-json/tools/pixfer/pixfer" 2>/dev/null | grep -F '[libjansson' || die "the tool without JSON links jansson"
"$source_dir/tests/cli/no_json.sh" "$work/no-json/tools/pixfer/pixfer" || die "the tool without JSON"
pc=
good -DCMAKE_DISABLE_FIND_PACKAGE_libyuv=ON
is "no libyuv" "libyuv in the bench" "off (needs libyuv: install libyuv-dev)"
bad "PIXFER_LIBYUV is ON, but needs libyuv" -DCMAKE_DISABLE_FIND_PACKAGE_libyuv=ON -DPIXFER_LIBYUV=ON
mkdir "$work/old"
printf 'Name: old\nDescription: old\nVersion: 58.1\nLibs:\n' >"$work/old/libavcodec.pc"
without libavcodec
pc=$work/old:$pc bad "libavcodec >= 59 (found 58.1): install libavcodec-dev" -DPIXFER_EXPORTER=ON
pc=
bad "PIXFER_VULKAN is ON, but needs vulkan/vulkan.h of Vulkan 1.2 or later: install libvulkan-dev" -DPIXFER_HAS_VULKAN_HEADERS=OFF -DPIXFER_VULKAN=ON
good -DPIXFER_HAS_VULKAN_HEADERS=OFF
is "no Vulkan headers" Vulkan "off (needs vulkan/vulkan.h of Vulkan 1.2 or later: install libvulkan-dev)"
[ "$(uname)" = Darwin ] || bad "PIXFER_VIDEOTOOLBOX is ON, but needs macOS" -DPIXFER_VIDEOTOOLBOX=ON

echo "# hardening"
good -DCMAKE_C_FLAGS=
is "a debug build" hardening "off (needs an optimised build)"
good $optimised -DPIXFER_SANITIZE=address
is "a sanitizer" hardening "off (needs a build without sanitizers)"
bad "PIXFER_HARDENING is ON, but needs an optimised build" -DPIXFER_HARDENING=ON -DCMAKE_C_FLAGS=

echo "# no libyuv, no libswscale: no warning"
folder=$work/plain good -DPIXFER_LIBYUV=OFF -DPIXFER_SWSCALE=OFF -DPIXFER_TESTS=OFF -DCMAKE_COMPILE_WARNING_AS_ERROR=ON
"$CMAKE" --build "$work/plain" --parallel 2 --target pixfer-bench >"$log" 2>&1 || failed "the bench cannot be built"

echo "# kinds of library"
good -DBUILD_SHARED_LIBS=ON
grep -q 'pixfer: .*, shared library' "$log" || failed "BUILD_SHARED_LIBS=ON is not a shared library alone"
good -DBUILD_SHARED_LIBS=OFF
grep -q 'pixfer: .*, static library' "$log" || failed "BUILD_SHARED_LIBS=OFF is not a static library alone"
good
grep -q 'pixfer: .*, static and shared library' "$log" || failed "without BUILD_SHARED_LIBS there are not both kinds"

echo "# nothing optional is there: the core, and its tests without cmocka"
mkdir "$work/nothing"
pc=$work/nothing folder=$work/core good -DCMAKE_DISABLE_FIND_PACKAGE_libyuv=ON
for option in EXPORTER SWSCALE SWS_DROPIN JSON TOOL BENCH LIBYUV CMOCKA; do starts "nothing" "${part[$option]}" "off (needs "; done
PKG_CONFIG_LIBDIR=$work/nothing "$CMAKE" --build "$work/core" --parallel 2 --target pixfer-installed-static checkasm oracle example_convert_buffer \
    >"$log" 2>&1 || failed "the core alone cannot be built"
"$work/core/tests/checkasm/checkasm" --isa c --step 64 >"$log" 2>&1 || failed "checkasm"
"$work/core/examples/example_convert_buffer" >"$log" 2>&1 || failed "example_convert_buffer"
