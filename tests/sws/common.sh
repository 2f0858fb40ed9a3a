# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Sourced by the tests of this folder: $dropin is the library.
. "$(dirname "${BASH_SOURCE[0]}")/../common/work.sh"
set -u
dropin=$1
unset PIXFER_SWS LD_PRELOAD

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
