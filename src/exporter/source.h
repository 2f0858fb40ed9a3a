/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_SOURCE_H
#define PIXFER_EXPORTER_SOURCE_H

/* Where frames come from. A source converts too, because it knows in what pieces its frames arrive: raw frames by rows while they
 * are in the cache, decoded ones as a whole. */

#include "internal.h"

enum source_status {
    SOURCE_FRAME,
    SOURCE_END,
    SOURCE_BROKEN,  /* truncated or undecodable: source->broken says how; the frames before it are good */
    SOURCE_STOPPED, /* the export failed, or the user asked for its end */
};

struct source;

struct source_ops {
    /* The next frame, ready for the encoder, with its time in the source's time base; with `skip` it is passed over and *frame stays
     * NULL. */
    enum source_status (*next)(struct source *s, struct pixfer_exporter *e, bool skip, AVFrame **frame, int64_t *pts,
                               int64_t *duration);
    /* To the first frame again. False if that is impossible. */
    bool (*rewind)(struct source *s);
    void (*close)(struct source *s);
};

struct source {
    const struct source_ops *ops;
    void *state;
    const struct pixfer_input *input;
    struct report *report;
    char broken[256];

    enum pixfer_format format; /* of what the convert stage gets */
    uint32_t width, height;
    AVRational fps, time_base;
    uint64_t frames; /* in one pass, 0 = not known; an estimate */
    bool constant;   /* frame n is at n / fps */
    bool estimate;
    bool tagged; /* the input says what its YUV is: */
    struct tags tags;
    double start; /* seconds on the input's own clock at which its first frame is shown */
};

/* On failure the report has the reason. */
enum pixfer_result pixfer_source_open(struct source *s, const struct pixfer_input *input, struct report *report);
void pixfer_source_close(struct source *s);
enum pixfer_result pixfer_source_open_raw(struct source *s);
enum pixfer_result pixfer_source_open_libav(struct source *s);

/* 1 if the converter takes this format. */
bool pixfer_converter_takes(enum pixfer_format format);

/* ---- Formats that neither the converter nor the encoder takes (adapt.c) --------------------------------------------------- */

struct adapter;

/* What a frame of `format` becomes: an RGB format the converter takes, or I420; NONE if this build cannot. */
enum AVPixelFormat pixfer_adapter_target(enum AVPixelFormat format);
/* A new frame in the target format, in place of *frame. */
int pixfer_adapt(struct adapter **adapter, AVFrame **frame, enum AVPixelFormat target);
void pixfer_adapter_free(struct adapter **adapter);

/* ---- Sound of a file (audio_input.c) -------------------------------------------------------------------------------------- */

struct audio_input;

/* Adds the sound of `name` to an exporter that has not been started. *out stays NULL where there is none and `required` is false. */
enum pixfer_result pixfer_audio_input_open(struct audio_input **out, struct pixfer_exporter *e, const char *name, bool required,
                                           bool may_copy);
/* Where its file's clock starts, in seconds. */
double pixfer_audio_input_start(const struct audio_input *a);
/* The sound at `media` seconds of its file belongs to `output` seconds of the export; what follows is read from the start again. */
enum pixfer_result pixfer_audio_input_place(struct audio_input *a, double media, double output);
/* Delivers what belongs before `until`, in seconds of the export. */
enum pixfer_result pixfer_audio_input_feed(struct audio_input *a, double until);
/* The last frame ends at `end`. */
enum pixfer_result pixfer_audio_input_finish(struct audio_input *a, double end);
void pixfer_audio_input_close(struct audio_input **a);

#endif
