/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_DOUBLE_H
#define DOUBLE_DOUBLE_H

/* A test double of the little of CoreFoundation, CoreVideo and VideoToolbox that pixfer uses. It counts references and locks,
 * pads rows, fills padding with a canary, limits pools, notices misuse, and fails on demand. It promises what Apple's
 * documentation promises and nothing more; what a real Mac computes is for a real Mac to show.
 *
 * Faults are set by name, from a test or in the environment of any program linked with the double:
 *
 *     PIXFER_APPLE_DOUBLE="take-rgba,transfer=3,status=-12905"
 *
 *   name           value     meaning
 *   session        N         the Nth session creation and all later ones answer -12904
 *   property       1         setting a session property answers -12900
 *   format         1         every transfer answers -12905
 *   take-rgba      1         RGBA and ABGR sources are taken, which answer -12905 otherwise; BGRA and ARGB always are
 *   source         1         wrapping bytes answers -6680
 *   transfer       N         the Nth transfer and all later ones fail with `status`
 *   transfer-once  N         only the Nth does
 *   status         code      default -17691
 *   lock           N         the Nth lock and all later ones answer -6660
 *   unlock         N         likewise for unlocking; the lock is given back nevertheless
 *   planes         count     buffers of two planes report this many
 *   stride         bytes     they report this many bytes a row
 *   pool           N         the next N requests to a pool answer -6689
 *   pool-memory    1         every request to a pool answers -6662
 *   green          N         the Nth transfer and all later ones leave zeros and succeed
 *   swap           1         red and blue change places
 *   matrix         1         BT.601 where another matrix was asked for, BT.709 for BT.601
 *   range          1         limited where the format means full, and the other way round
 *   alpha          1         colours are multiplied by alpha
 *   decimate       1         chroma is decimated although averages were asked for
 *   left           1         averages are sited left: [1 2 1] across, as a scaler's filter may be
 *   wide           pixels    frames of at least this width come out with red and blue exchanged: another path for large frames
 *   surface-swap   1         so do frames that come from a surface, however small: another path for surfaces
 *   session-null   N         the Nth session creation and all later ones answer 0 and give no session
 *   late           us        the system lets go of a source this long after the transfer has returned, on a thread of its own
 *   keep           1         a session retains its last source until the next transfer or its invalidation
 *   keep-ever      1         the system retains the first source until the fault is turned off
 *   spin           us        a transfer takes this long on the calling thread
 *   helper         us        ... on a thread of its own, which the caller waits for
 *   sleep          us        ... without using a processor, as an offloaded one would
 *
 * N counts from the moment the fault is set.
 *
 * Without any fault it already is as strict as documentation allows: a pool's buffers are used again at once, last in first out, with
 * what was in them; a transfer matches the colours of a source whose primaries are tagged otherwise than BT.709; it removes what was
 * attached to the destination and attaches what the source had. */

#include <CoreVideo/CoreVideo.h>
#include <stdbool.h>

/* Turns all faults off, or back to those of the environment, and forgets what was counted and noticed. */
void double_reset(void);

/* False if there is no such fault; 0 turns it off. */
bool double_fault(const char *name, long value);

/* Waits for the releases that are on their way. */
void double_settle(void);

/* What has been counted since the last reset; live and locked are absolute. */
struct double_counts {
    long live;   /* objects that were created and not destroyed */
    long locked; /* locks held */
    long sessions, transfers, wraps, pooled;
};
struct double_counts double_count(void);

/* The first misuse noticed since the last reset, or NULL: an over-release, a lock out of balance, a base address read without
 * a lock, a session used by two threads at once, a property that risks colour matching, padding written to, ... */
const char *double_misuse(void);

/* The double's arithmetic for tests to compare with: fixed-point weights of 16 bits, chroma from the rounded mean of 2 x 2
 * pixels. It is off the exact result by one at most. `matrix` is a kCVImageBufferYCbCrMatrix_... constant. */
void double_arithmetic(OSType src_format, const uint8_t *src, ptrdiff_t src_stride, OSType dst_format, CFStringRef matrix,
                       uint32_t width, uint32_t height, uint8_t *const plane[2], const ptrdiff_t stride[2]);

#endif
