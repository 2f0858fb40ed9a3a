#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The core compiles with nothing but a compiler, without a warning, and works.
. "$(dirname "$0")/common.sh"

cd "$source_dir"
$CC -O2 -Wall -Wextra -Wundef -Werror -Iinclude -o "$work/a" tests/api/consumer.c src/*/*.c src/*/*/*.c -lm -lpthread
"$work/a"
