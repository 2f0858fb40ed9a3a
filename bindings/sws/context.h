/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_BINDINGS_SWS_CONTEXT_H
#define PIXFER_BINDINGS_SWS_CONTEXT_H

#include <pixfer/convert.h>

#include "real.h"

#define WHY_SIZE 160

/* What a context was made for. Nothing of it can change afterwards; compared as bytes. */
struct making {
    int64_t src_w, src_h, dst_w, dst_h, src_format, dst_format, flags, param[2];
    int64_t src_h_pos, src_v_pos, dst_h_pos, dst_v_pos, dither, gamma, alphablend, threads;
};

/* What sws_setColorspaceDetails sets; compared as bytes. */
struct colors {
    int table[4];
    int range, brightness, contrast, saturation;
};

/* Rows of the source that pieces of a frame left over: the one above the next rows of the result, and those two. */
struct carry {
    uint8_t *rows[3]; /* by plane */
    size_t row_bytes[3];
};

/* A frame that comes in pieces, and was begun by pixfer: rows that were given, rows that are converted. */
struct pieces {
    uint32_t given, done;
};

/* A frame between sws_frame_start and sws_frame_end. */
struct open_frame {
    bool known; /* all that was said of it is understood here */
    struct pixfer_image src, dst;
    unsigned lowest, highest;
    uint64_t sent; /* rows of it */
};

/* What is known of a context of the real library. It is used by one thread at a time, as that is. */
struct context {
    struct context *next;
    struct SwsContext *key;
    const struct real *real;
    bool filtered; /* it has filters, which nobody can ask it for */
    bool readable; /* it was initialised, and told what it was made for */
    struct making making;
    bool changed; /* its colours may have */
    struct colors colors;
    struct pixfer_converter_params params;
    struct pixfer_converter *converter; /* NULL: the real library does it */
    char why[WHY_SIZE];                 /* the core's last error */
    char said[256];                     /* the last line of the log */
    int direction;                      /* of a frame in pieces that the real library has begun: 1 down, -1 up, 0 none */
    struct pieces pieces;
    struct carry carry;
    struct open_frame frame;
};

/* ---- context.c: the contexts there are ---- */

/* NULL for one that was not seen when it was made, and where PIXFER_SWS is off. */
struct context *pixfer_sws_find(const struct SwsContext *key);

/* A context was initialised: what it was made for is read. */
void pixfer_sws_add(struct SwsContext *key, const struct real *real, bool filtered);

/* One that never was converts frames, which libswscale has from version 9 on: it is only kept to be reported. */
void pixfer_sws_add_uninitialised(struct SwsContext *key, const struct real *real);

/* Takes a context out before its address may be used again; then it is kept or freed. All of them take NULL. */
struct context *pixfer_sws_take_out(const struct SwsContext *key);
void pixfer_sws_put_back(struct context *context);
void pixfer_sws_free(struct context *context);

/* Whether pixfer converts the next rows. Looks again where something changed, and opens the converter. */
bool pixfer_sws_ready(struct context *context);

/* ---- plan.c: what a context asks for ---- */

bool pixfer_sws_read_making(const struct real *real, struct SwsContext *key, struct making *making);
/* Whether a context is still what it was when it was added. */
bool pixfer_sws_same_making(const struct context *context);
bool pixfer_sws_read_colors(const struct context *context, struct colors *colors);

/* NULL if pixfer does just that, else what it is that it does not. */
const char *pixfer_sws_plan(const struct context *context, const struct colors *colors, struct pixfer_converter_params *params);

/* ---- pieces.c: sws_scale ---- */

/* The real function shall do it. */
enum { NOT_TAKEN = -1 };

/* The result of sws_scale, or NOT_TAKEN. */
int pixfer_sws_scale(struct context *context, const uint8_t *const src[], const int src_stride[], int y, int h,
                     uint8_t *const dst[], const int dst_stride[]);

/* The real function did it. */
void pixfer_sws_scaled(struct context *context, int y, int h);

/* Describes a frame of which row `first` is at the addresses given. False if an address or a stride is missing. */
bool pixfer_sws_image(struct pixfer_image *image, enum pixfer_format format, const struct context *context,
                      const uint8_t *const plane[], const int stride[], uint32_t first);

void pixfer_sws_carry_free(struct carry *carry);

/* ---- frames.c: what takes an AVFrame; each call follows the real one that succeeded ---- */

bool pixfer_sws_frame_start(struct context *context, const AVFrame *dst, const AVFrame *src);
void pixfer_sws_sent(struct context *context, unsigned first, unsigned count);
void pixfer_sws_frame_end(struct context *context);

/* The result of sws_receive_slice, or NOT_TAKEN. */
int pixfer_sws_receive(struct context *context, unsigned first, unsigned count);

/* All of sws_scale_frame, for a context that is ready. */
int pixfer_sws_scale_frame(struct context *context, AVFrame *dst, const AVFrame *src);

#endif
