/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_PLAN_H
#define PIXFER_PLAN_H

/**
 * An export in segments, on as many machines as there are (library `pixfer-exporter`). Three steps, each of which may be repeated:
 *
 *  - plan: decides everything once. The plan is a JSON text: which frames there are and when they are shown, where the segments begin,
 *    every setting of the encoder as a value and none as "choose", the versions of pixfer, FFmpeg and the encoder, and what the input is
 *    (its size, time and a hash). Its id is the hash of all that.
 *  - segment: encodes segment K of the plan, FOLDER/ID/0000K.mp4, which appears under that name in one step when it is complete. It may run
 *    anywhere, in any order, any number of times, several at once on the same segment.
 *  - join: checks all segments and writes OUT.mp4 without encoding their frames again: one timeline, the times of the plan, one set of tags.
 *    The audio is encoded, or copied, here and once, from the input.
 *
 *        struct pixfer_plan *plan;
 *        pixfer_plan_create(&plan, &PIXFER_INPUT(.name = "in.mkv"), &PIXFER_EXPORTER_PARAMS(.preset = "slow"),
 *                           &PIXFER_PLAN_PARAMS(.output = "out.mp4", .segments = 8));
 *        fputs(pixfer_plan_text(plan), file);                             // what `pixfer plan` prints
 *        ...
 *        pixfer_plan_read(&plan, "plan.json", NULL, 0);                   // on another machine
 *        pixfer_plan_make_segment(plan, 3, &PIXFER_PLAN_HOST(.folder = "work"), NULL, NULL);
 *        ...
 *        pixfer_plan_join(plan, NULL, &PIXFER_PLAN_HOST(.folder = "work"), NULL);
 *
 * A renderer has no input: it creates the plan with the number of its frames, and each of its processes pushes the frames of one segment
 * (pixfer_plan_open_segment); audio comes from a file in the join.
 *
 * Promise. The joined file is the same, byte for byte, whichever machines made the segments, in whatever order, however often, and with any
 * number of processors: the converter is exact, the encoder's threads are a setting of the plan, and x264 is told to work alike on every
 * processor. Beside an export in one piece the frames are as many, at the same times, and the audio is the same to the sample; each segment
 * begins with a key frame, which costs some bytes (doc/farm.md has figures). A bit rate holds for each segment by itself.
 *
 * Errors are answered as in exporter.h: a result below zero, and one line to the log and to host.error that says what was found and what was
 * expected. No call prints, exits or aborts. A build without jansson answers PIXFER_ERR_UNSUPPORTED.
 *
 * Ownership. Strings that are given are copied; those that are handed out belong to the plan and stay until pixfer_plan_close.
 *
 * Threads. A plan does not change once it is there: any number of threads may use it at a time, for different segments or the same one.
 */
#include <pixfer/exporter.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pixfer_plan;

/* ---- Plan ------------------------------------------------------------------------------------------------------------------ */

/** How an export is cut. Of tasks, segments and segment_seconds one may be above 0; without any it is one segment. */
struct pixfer_plan_params {
    size_t struct_size;     /**< set by PIXFER_PLAN_PARAMS */
    const char *output;     /**< name of the file that the join makes; NULL = the join is told */
    uint32_t tasks;         /**< as many segments, or fewer, so that each has the frames of a GOP at least */
    uint32_t segments;      /**< as many segments, or one a frame where there are fewer frames */
    double segment_seconds; /**< each lasts as long, the last one may be shorter */
    uint64_t frames;        /**< how many will be pushed, where there is no input */
    /**
     * 1: the input is decoded to its end to learn its frames. 0: only where its packets do not tell what they are; a frame that turns out to
     * be missing, or at another time, then fails its segment.
     */
    int prove;
};

#define PIXFER_PLAN_PARAMS(...) PIXFER_SIZED(pixfer_plan_params, __VA_ARGS__)

/**
 * Makes a plan. `input` is a regular file or a numbered sequence, as for pixfer_export; NULL: the frames will be pushed, and `params` says
 * format, size and rate (one time base unit is one frame), and plan->frames how many. An audio file of a plan without input is given by
 * `audio`. `params` are those of an export; what they leave open is decided here, `encoder_threads` as 1. Its log, progress, error and
 * error_size are used by this call alone; write, sample_rate and channels are not for plans.
 *
 * Refused with the reason: an input that is no file that can be read again, that is cut off, or whose frames cannot be found again by their
 * times (its clock jumps, its packets carry no times, seeking leads elsewhere); input.shortest.
 *
 * Errors: INVALID, UNSUPPORTED, UNAVAILABLE, NO_MEMORY, IO, CANCELLED. On failure *out is NULL. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_plan_create(struct pixfer_plan **out, const struct pixfer_input *input,
                                                 const struct pixfer_exporter_params *params,
                                                 const struct pixfer_plan_params *plan);

/**
 * Takes a plan from its text, of `size` bytes. It may come from anywhere: it is checked, its id too, before anything else is done. A plan of
 * another version of pixfer can be read only as far as to say so. `error` receives the line of the error; NULL = not wanted.
 *
 * Errors: INVALID (it is no plan, or was changed), UNSUPPORTED (of another version), NO_MEMORY; read: IO too. On failure *out is NULL.
 * Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_plan_parse(struct pixfer_plan **out, const char *text, size_t size, char *error,
                                                size_t error_size);
/** The same for a file. Names in the plan that are not absolute are looked for beside it, too. */
PIXFER_API enum pixfer_result pixfer_plan_read(struct pixfer_plan **out, const char *path, char *error, size_t error_size);

/** NULL-safe in both senses, sets *plan to NULL. */
PIXFER_API void pixfer_plan_close(struct pixfer_plan **plan);

/** The plan as JSON, with a newline at its end. The text is the plan's. */
PIXFER_API const char *pixfer_plan_text(const struct pixfer_plan *plan);

struct pixfer_plan_info {
    size_t struct_size; /**< set by PIXFER_PLAN_INFO(); the library writes no further than this */
    const char *id;     /**< 64 hexadecimal digits */
    uint32_t segments;  /**< numbered from 0 */
    uint32_t tasks;     /**< that were asked for: the numbers from `segments` to this are tasks with nothing to do */
    uint64_t frames;
    double seconds; /**< how long they are shown */
    uint32_t width, height;
    uint32_t fps_num, fps_den;
    const char *input, *output;     /**< names as given; NULL = there is none */
    const char *encoder, *settings; /**< "libx264", "preset slow, crf 20" */
};

#define PIXFER_PLAN_INFO() PIXFER_SIZED_EMPTY(pixfer_plan_info)

PIXFER_API void pixfer_plan_get_info(const struct pixfer_plan *plan, struct pixfer_plan_info *info);

/** Frames [first, end) of the export, counted from 0. False (0) if there is no such segment. */
PIXFER_API int pixfer_plan_get_segment(const struct pixfer_plan *plan, uint32_t index, uint64_t *first, uint64_t *end);

/* ---- Segments -------------------------------------------------------------------------------------------------------------- */

/** Where a step runs, and what may differ from machine to machine. */
struct pixfer_plan_host {
    size_t struct_size; /**< set by PIXFER_PLAN_HOST */
    const char
        *folder; /**< that segments are kept in, in a folder named after the plan's id; NULL = the working folder. Created. */
    const char *input, *audio; /**< where these files are here; NULL = where the plan says. They have to be those of the plan. */
    int overwrite;             /**< join: 1 replaces an existing OUT, as params.overwrite of the plan does */
    int remove;                /**< join: 1 removes the segments once OUT is complete */
    unsigned convert_threads;  /**< as in pixfer_exporter_params */
    size_t queue_bytes;

    pixfer_log_callback log; /**< as in pixfer_exporter_params */
    void *log_opaque;
    pixfer_progress_callback progress; /**< FINISH is the same as ABORT here: a segment is whole or not there */
    void *progress_opaque;
    char *error; /**< receives the line of the error, cut to error_size; else "". NULL = not wanted. */
    size_t error_size;
};

#define PIXFER_PLAN_HOST(...) PIXFER_SIZED(pixfer_plan_host, __VA_ARGS__)

/**
 * Makes a segment from the plan's input. Where it is there already, complete and of this plan, that is all that is done, and *already is 1
 * (`already` may be NULL). What is left under its name by a task that was killed, another plan or a broken disk is replaced. `stats` may be
 * NULL.
 *
 * Errors: INVALID (no such segment, a changed input), UNSUPPORTED (this pixfer, FFmpeg or encoder is another version than planned; both are
 * named), CANCELLED (nothing stays), IO, else those of pixfer_export. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_plan_make_segment(const struct pixfer_plan *plan, uint32_t index,
                                                       const struct pixfer_plan_host *host, int *already,
                                                       struct pixfer_exporter_stats *stats);

/**
 * Opens an exporter for the frames of a segment of a plan without input: pixfer_exporter_push with the number of the frame as pts, each from
 * `first` up to and without `end` of pixfer_plan_get_segment, in order; another number is refused with a line. pixfer_exporter_finish gives
 * the segment its name; with frames missing it fails, and nothing stays. A segment that is there already is made again.
 *
 * Errors: those of make_segment and pixfer_exporter_open. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_plan_open_segment(const struct pixfer_plan *plan, uint32_t index,
                                                       const struct pixfer_plan_host *host, struct pixfer_exporter **out);

enum pixfer_segment_state {
    PIXFER_SEGMENT_MISSING = 0,
    PIXFER_SEGMENT_RUNNING, /**< a task is at work on it */
    PIXFER_SEGMENT_DONE,
    PIXFER_SEGMENT_FOREIGN, /**< what is there under its name is of another plan, or no segment, or damaged: make it again */
};

struct pixfer_segment_status {
    size_t struct_size; /**< set by PIXFER_SEGMENT_STATUS() */
    enum pixfer_segment_state state;
    uint64_t frames; /**< that are written */
    uint64_t bytes;
};

#define PIXFER_SEGMENT_STATUS() PIXFER_SIZED_EMPTY(pixfer_segment_status)

/**
 * How far a segment is, from the folder alone. `thorough` 0 looks at the end of a file, 1 at all of its bytes. Errors: INVALID (no such
 * segment). Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_plan_get_status(const struct pixfer_plan *plan, uint32_t index,
                                                     const struct pixfer_plan_host *host, int thorough,
                                                     struct pixfer_segment_status *status);

/* ---- Join ------------------------------------------------------------------------------------------------------------------ */

/**
 * Checks that every segment is there, complete and of this plan, begins with a picture that needs none before it, and has its frames, and
 * writes `path` (NULL = the plan's output) from them, as pixfer_export writes its file: OUT appears in one step, with its index in front.
 * Segments that are missing are all named in the log, one a line, and nothing is written. `stats` may be NULL.
 *
 * Errors: INVALID, UNSUPPORTED as in make_segment (another encoder on this machine does not matter: nothing is encoded), IO, CANCELLED,
 * else those of pixfer_export for the audio. Thread-safety: safe.
 */
PIXFER_API enum pixfer_result pixfer_plan_join(const struct pixfer_plan *plan, const char *path,
                                               const struct pixfer_plan_host *host, struct pixfer_exporter_stats *stats);

#ifdef __cplusplus
}
#endif
#endif
