#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The tests of the core as Windows runs them: the front door, the oracle, every kernel of this processor.

. "$(dirname "$0")/common.sh"
cd "$build/tests"

run() { "$source/scripts/windows" wine "$@" >"$work/log" 2>&1 || { fail "$* ended with $?"; tail -n 15 "$work/log"; }; }
for name in image params checks environment log overlap threads; do run unit/test_$name.exe; done
run checkasm/pins.exe
run checkasm/checkasm.exe --step 5
run oracle/test_oracle.exe
run oracle/test_blocks.exe --step 24
run oracle/test_colours.exe --step 400 --c-step 16
run oracle/test_packed422.exe
finish
