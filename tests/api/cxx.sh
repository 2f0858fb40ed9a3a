#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# A C++ program of each age makes parameters with the macros, without a warning.
. "$(dirname "$0")/common.sh"

cd "$source_dir"
for file in src/core src/kernels src/backends src/platform; do [ ! -d "$file" ] || find "$file" -name '*.c'; done |
    while read -r file; do
        $CC -O1 -Iinclude -c "$file" -o "$work/$(echo "$file" | tr / _).o"
    done
for compiler in g++ clang++; do
    command -v $compiler >/dev/null || { echo "# no $compiler"; continue; }
    for standard in c++11 c++17 c++20; do
        echo "# $compiler -std=$standard"
        # With designators g++ 12 warns of every member that is not named, which is what they are there for.
        case $standard in c++20) quiet=-Wno-missing-field-initializers ;; *) quiet= ;; esac
        $compiler -std=$standard -Wall -Wextra $quiet -Wold-style-cast -Wundef -pedantic -Werror -Iinclude tests/api/consumer.cpp "$work"/*.o \
            -lpthread -lm -o "$work/consumer"
        "$work/consumer"
        compiled=yes
    done
done
[ -n "${compiled:-}" ] || { echo "no C++ compiler"; exit 77; }
