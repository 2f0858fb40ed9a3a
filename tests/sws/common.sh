# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Sourced by the tests of this folder: $dropin is the library, the working directory is empty and goes away at the end.
set -u
export LC_ALL=C
dropin=$1
unset PIXFER_SWS LD_PRELOAD
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-sws.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

skip() {
    echo "skipped: $*"
    exit 77
}

finish() {
    [ "$failures" = 0 ]
    exit
}

[ -z "${PIXFER_TEST_SANITIZED:-}" ] || skip "a library with sanitizers cannot be preloaded"

need_ffmpeg() {
    command -v ffmpeg >/dev/null || skip "there is no ffmpeg"
    ldd "$(command -v ffmpeg)" 2>/dev/null | grep -q 'libswscale\.so' || skip "ffmpeg has libswscale inside"
}

# preloaded ARGUMENT...: ffmpeg with the drop-in; what it says is in ./log.
preloaded() {
    PIXFER_SWS=log LD_PRELOAD=$dropin ffmpeg -nostdin -v error -y "$@" 2>log || fail "ffmpeg $*: $(cat log)"
}

plain() {
    ffmpeg -nostdin -v error -y "$@" || fail "ffmpeg $*"
}

# says TEXT: the log of the last run has it.
says() {
    grep -qF -- "$1" log || fail "the log is '$(cat log)', expected it to contain '$1'"
}

same() {
    cmp -s "$1" "$2" || fail "$3: $1 and $2 differ"
}
