/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_H
#define PIXFER_EXPORTER_H

/**
 * Frames in, an H.264, HEVC or AV1 MP4 out, at the encoder's own speed (library `pixfer-exporter`, on libavcodec and libavformat; no type
 * of theirs appears here). There are two ways in:
 *
 *  - push: a renderer or a recorder opens an exporter, pushes its frames and finishes it. The frame is converted on the caller's
 *    thread straight into the frame that the encoder will read; encoding and writing go on beside it.
 *
 *        struct pixfer_exporter *e;
 *        pixfer_exporter_open(&e, "out.mp4", &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = 1920,
 *                                                                    .height = 1080, .fps_num = 60));
 *        for (int64_t i = 0; i < 600; i++)
 *            pixfer_exporter_push(e, &image, i);
 *        pixfer_exporter_finish(e, NULL);
 *        pixfer_exporter_close(&e);
 *
 *    A recorder that runs live has a clock, and audio from a thread of its own (examples/record_live.c is a whole one):
 *
 *        params.time_base_num = 1, params.time_base_den = 1000000;        // the clock counts microseconds
 *        params.sample_rate = 48000, params.channels = 2;
 *        pixfer_exporter_open(&e, "recording.mp4", &params);
 *        // this thread                                                   // the thread of the sound card
 *        pixfer_exporter_push(e, &image, clock_us());                     pixfer_exporter_push_audio_at(e, samples, count,
 *                                                                                                       clock_samples());
 *        // from anywhere: pixfer_exporter_cancel(e)
 *        pixfer_exporter_finish(e, NULL);                                 // after that, join it
 *        pixfer_exporter_close(&e);
 *
 *  - pull: pixfer_export() reads a file, an image sequence or a pipe to its end. This is the whole of `pixfer export`.
 *
 * Time. A frame is shown from its pts until the next one's; the last for 1 / fps, or one unit of the time base if that is longer.
 * pts are 64-bit, in units of params.time_base, need not be regular, and must grow from frame to frame. The first frame is
 * time 0 of the file whatever its pts is, unless params.keep_start is set, so a clock may begin anywhere, below 0 too. Units finer than
 * 1/90000 s are rounded to that in the file; coarser ones are kept exactly. MP4 cannot hold any distance between frames: with
 * units of 1/90000 s or finer two frames may be 3.3 hours apart, with 1/1000 s 18 hours; with an encoder that reorders frames
 * (x264's presets but ultrafast do) as many as it reorders must lie within 49 minutes or 4.6 hours. A frame later than that is
 * refused with a line that names the limit; a coarser time base holds more.
 *
 * Errors. What is wrong with one call is that call's matter: it answers PIXFER_ERR_INVALID, the log gets one line (a warning) that says
 * what was found and what was expected, nothing is taken, and the export goes on. What is wrong with the export (a full disk, an
 * encoder that fails, no memory) ends it: every later call answers that first error, pixfer_exporter_error has its line, and
 * pixfer_exporter_finish keeps what is playable. No call prints, exits or aborts.
 *
 * Ownership. Parameters, strings, images and samples belong to the caller and are not used after the call they are given to has
 * returned; only callbacks and their `opaque` must stay valid until pixfer_exporter_close has returned.
 *
 * Threads. Frames come from one thread at a time, which also pauses, resumes and finishes: a second one is refused with a line.
 * Audio may come from one other thread beside it. cancel, error and get_queue may be called from any thread at any time
 * between open and close. close is called when no other call is at work. No callback may call back into the exporter, but for
 * cancel, error and get_queue. After fork() the exporter is the parent's: in the child every call is refused with a line, and close
 * only forgets it.
 *
 * Safety. While it runs, the export is OUT.part beside OUT: a fragmented MP4 whose fragments (at most a second long) reach the
 * disk as they complete. After a crash, a power loss or on a full disk it plays up to the last fragment. An encoder may hold some
 * frames back while they come quickly; where they come slowly, or stop, libx264 lets go of them within about a second. On success it is
 * copied into an ordinary MP4 with its index in front, which takes the name OUT in one step; OUT.part is then removed. Nothing
 * called OUT ever holds half an export.
 *
 * Colour. What the converter is asked for is what the stream says: matrix, range, primaries, transfer and chroma siting, in the
 * H.264 VUI and in the `colr` box. Frames that already are NV12 or I420 pass through untouched.
 *
 * Sizes may be odd: H.264 and HEVC of 4:2:0 cannot say so, so the encoded frame is padded to even by repeating its edge, and the file
 * states the true size, which players of H.264 show; those of HEVC may show the column or row that was added. 4:4:4, and AV1 by
 * libaom, say any size in the stream.
 */
#include <pixfer/common.h>
#include <pixfer/convert.h>
#include <pixfer/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Parameters ---------------------------------------------------------------------------------------------------------- */

/** How the encoder is told what quality is wanted. */
enum pixfer_rate {
    PIXFER_RATE_DEFAULT = 0, /**< constant quality 20, or what comes closest to it on an encoder without one */
    PIXFER_RATE_CRF,     /**< rate_value = constant quality on x264's scale, 0 (lossless with libx264, libx265, libaom) to 51 */
    PIXFER_RATE_BITRATE, /**< rate_value = bits per second, at least 1000 */
    PIXFER_RATE_BITS_PER_PIXEL /**< rate_value × pixels per second = bits per second: 0.30 is excellent, 0.04 small */
};

/** What a progress callback wants done next. */
enum pixfer_progress_action {
    PIXFER_PROGRESS_CONTINUE = 0,
    PIXFER_PROGRESS_FINISH, /**< take no more frames, finalise what is there; the result is PIXFER_ERR_CANCELLED */
    PIXFER_PROGRESS_ABORT   /**< stop at once and leave OUT.part as it is; the result is PIXFER_ERR_CANCELLED */
};

/** How far an export is. Filled by the library; members beyond struct_size are not there. Valid during the callback. */
struct pixfer_progress {
    size_t struct_size;    /**< bytes of this struct that the library has filled */
    uint64_t frames;       /**< encoded and handed to the writer */
    uint64_t frames_total; /**< 0 = not known */
    double seconds;        /**< since it was opened */
    double fps;            /**< frames per second of the export, over the last seconds */
    double speed;          /**< fps over the frame rate of the video: 1 = as fast as it plays */
    uint64_t bytes;        /**< written */
    double media_seconds;  /**< length of what has been encoded */
    const char *stage;     /**< what is at work or waited for: "source", "encode" or "finalise" */
};

/**
 * Called at most ten times a second, also while nothing moves, on the thread that pushes frames, runs pixfer_export or finishes, and
 * only from within such a call. The strongest answer so far counts: CONTINUE takes neither FINISH nor ABORT back, and ABORT after
 * FINISH stops the finalising too.
 */
typedef enum pixfer_progress_action (*pixfer_progress_callback)(void *opaque, const struct pixfer_progress *progress);

/** A line of metadata: "title", "artist", "comment", "date", "encoder" and what else MP4 has a place for; UTF-8. */
struct pixfer_metadata {
    const char *key, *value;
};

/**
 * Receives the next bytes of a fragmented MP4, in order, on a thread of the exporter's. Returns 0, or an errno value (EPIPE, ENOSPC),
 * which ends the export with PIXFER_ERR_IO. It may wait; the export, cancel's effect and close then wait with it. It is not
 * called any more once pixfer_exporter_close has returned.
 */
typedef int (*pixfer_write_callback)(void *opaque, const uint8_t *bytes, size_t size);

/** A pixfer_write_callback for a file descriptor, pipe or socket: `opaque` points to an int that holds it. On Windows it is a descriptor of
 * the C library that pixfer is linked with, and no socket. Thread-safety: safe. */
PIXFER_API int pixfer_write_to_descriptor(void *opaque, const uint8_t *bytes, size_t size);

/** What the video is compressed as. */
enum pixfer_codec {
    PIXFER_CODEC_DEFAULT = 0,
    PIXFER_CODEC_H264, /**< plays everywhere */
    PIXFER_CODEC_HEVC, /**< tagged hvc1, as Apple's players want it */
    PIXFER_CODEC_AV1
};

struct pixfer_exporter_params {
    size_t struct_size; /**< set by PIXFER_EXPORTER_PARAMS; the library reads no further than this */

    enum pixfer_format
        format; /**< of the frames: an RGB format, YUYV or UYVY, which are converted, or NV12, I420 and, for 10 bits, P010 or I010,
                     which pass through; for chroma 444 I444 and I410 do */
    uint32_t width, height;    /**< pixels, 1 to 16384, any parity */
    uint32_t fps_num, fps_den; /**< frame rate; a denominator of 0 means 1. A nominal one where times are irregular. */
    uint32_t time_base_num,
        time_base_den; /**< seconds in a unit of `pts`, 1/1000000 for a clock in µs; 0/0 = one frame, 1 / fps */

    struct pixfer_color color; /**< for RGB what it is converted to, for NV12 and I420 what it is */
    int any_siting;            /**< 1: color.siting is a default that may give way to what a hardware converter can do */
    /** H.273 numbers; 0 = the ones that go with the matrix, or for NV12 and its like in a file, the file's. RGB is taken as R'G'B' of this
     * transfer: with 16 (PQ) or 18 (HLG) and matrix DEFAULT, the matrix is BT2020_NCL. Samples are not changed by them. */
    int primaries, transfer;

    enum pixfer_backend converter;
    int fastest_converter;    /**< 1, with converter AUTO: measure the converters that are there and keep the quickest */
    const char *cpu;          /**< as in pixfer_converter_params */
    unsigned convert_threads; /**< 0 = choose */

    /** A libavcodec encoder for H.264, HEVC or AV1, or NULL: the platform's hardware if it proves to work, then software. */
    const char *encoder;
    /** x264's name ("ultrafast" ... "veryslow"), translated for other encoders, or the encoder's own; NULL = choose. */
    const char *preset;
    enum pixfer_rate rate;
    double rate_value;
    unsigned encoder_threads; /**< 0 = choose */

    uint32_t sample_rate, channels; /**< of pixfer_exporter_push_audio: Hz, 1 to 8; both 0 = no audio */

    size_t
        queue_bytes; /**< budget for frames being converted, waiting and being encoded; 0 = 40 MB. Three frames are always allowed. */
    int overwrite; /**< 1: replace an existing OUT or OUT.part; 0: refuse before doing any work */

    /** Called from any thread that calls in, and the exporter's own, one line at a time. NULL = silent, see PIXFER_LOG in convert.h */
    pixfer_log_callback log;
    void *log_opaque;
    pixfer_progress_callback progress; /**< may be NULL */
    void *progress_opaque;

    /** Receives the line of the error for which pixfer_exporter_open fails, cut to error_size; else "". NULL = not wanted. */
    char *error;
    size_t error_size;

    /**
     * 0: the first frame is time 0 whatever its pts is, and audio with a pts keeps its distance to it; what is before it is cut.
     * 1: time 0 is pts 0. Nothing is shown before the first frame; frames and audio with a pts below 0 are refused and cut.
     */
    int keep_start;
    uint32_t gop;            /**< most frames from one key frame to the next; 0 = those of four seconds, but 60 to 250 */
    const char *audio_codec; /**< a libavcodec audio encoder that MP4 can hold ("aac", "alac", "libopus", "flac"); NULL = AAC */
    uint32_t audio_bitrate; /**< bits per second for all channels, 1000 to 10^7; 0 = 96000 for each. Lossless codecs ignore it. */
    uint32_t rotation;      /**< 0, 90, 180, 270: degrees clockwise by which players turn the frames for display */
    uint32_t sample_aspect_num, sample_aspect_den; /**< width : height of a pixel; 0/0 = square */
    const struct pixfer_metadata *metadata;        /**< metadata_count lines; copied by open */
    size_t metadata_count;

    /**
     * NULL = the file called `path`. Else the export is a fragmented MP4 that is handed to this callback as it grows, and nothing is
     * created on disk: for pipes, sockets and uploads. `path` may be NULL then, and only names the output in messages.
     */
    pixfer_write_callback write;
    void *write_opaque;

    enum pixfer_codec codec; /**< DEFAULT = that of the encoder named, else H.264 */
    /** Bits of a sample: 8 or 10; 0 = 10 where frames have more than 8 and the codec is HEVC or AV1, else 8. H.264 has 8: players decode no
     * other. What is lost is said in a line of the log. */
    unsigned depth;
    /**
     * 420 or 444; 0 = 420. 444 keeps the chroma of every pixel: thin red text on a screen stays as it was. It is for editing and for
     * players of one's own: no browser's hardware, television or telephone decodes it. libx264 (8 bits), libx265 and libaom-av1 (8 and 10)
     * take it, and NVENC's H.264 and HEVC (8); others refuse. siting has no meaning there. I444 and I410 frames pass through to it.
     */
    unsigned chroma;
    /** Of RGB frames that have one, over 0xRRGGBB, as convert.h defines it. What DROP loses is said in a line of the log if the first frame
     * has alpha below full, and not 0 everywhere, which is padding. Not for frames of a Vulkan device. */
    enum pixfer_alpha alpha;
    uint32_t background;

    /**
     * What PQ and HLG say of their light (SMPTE ST 2086, CTA-861.3); by default what the input says. It goes into the file's `mdcv` and `clli`
     * boxes and, by libx264, libx265 and hardware that takes it from frames, into the stream. mastering_display is x265's text,
     * "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)" for a P3 display of 0.0001 to 1000 cd/m²: x and y in 1/50000, light
     * in 1/10000 cd/m². NULL = not said.
     */
    const char *mastering_display;
    uint32_t max_cll, max_fall; /**< cd/m² of the brightest pixel, and of the brightest frame's mean; 0 = not said */
    /** 1: both are measured, of RGB frames of PQ: a pixel's light is that of its brightest component. They are known at the end, and so in
     * `clli` of the finished file only; not for `write`, segments, and frames of a Vulkan device. It takes about 3.5 ns a pixel. */
    int measure_light;
};

/** Parameters as a value, the unnamed ones zero, which is a sensible default for all but format, size and rate. */
#define PIXFER_EXPORTER_PARAMS(...) PIXFER_SIZED(pixfer_exporter_params, __VA_ARGS__)

/* ---- Results ------------------------------------------------------------------------------------------------------------- */

/** What an export did. The stages overlap, so their times add up to more than wall_s where the machine has cores for it. */
struct pixfer_exporter_stats {
    size_t struct_size; /**< set by PIXFER_EXPORTER_STATS(); the library writes no further than this. 0 = the size in 0.2.0 */
    uint64_t frames;    /**< in the file */
    double wall_s;      /**< from open to the end of finish */
    double fps;         /**< frames / wall_s */
    double source_s;    /**< reading and decoding */
    double convert_s;   /**< converting; for frames that pass through, copying them where they had to be copied */
    double encode_s;    /**< inside the encoder */
    double mux_s;       /**< writing, flushing and finalising */
    double cpu_s;       /**< processor time of the whole process meanwhile */
    uint64_t peak_rss_bytes; /**< largest resident size of the process so far; 0 = the system does not tell */

    enum pixfer_backend backend; /**< the converter in charge at the end; AUTO = nothing was converted */
    char backend_name[16], isa[16];
    int exact;
    char fallback_reason[256]; /**< "" = none */
    uint64_t converted;        /**< frames */

    char encoder[32];
    uint64_t bytes; /**< size of the file */
    int part_kept;  /**< 1: the export failed or was aborted, and OUT.part holds part_frames playable frames */
    uint64_t part_frames;

    char measured
        [160]; /**< what converters took for a frame where fastest_converter had them measured: "cpu 4.40 ms, ..."; else "" */
    char acceleration
        [16]; /**< and the three times: of a hardware converter's transfers, see pixfer_converter_info; else "" and 0 */
    double transfer_wall_s, transfer_cpu_s, transfer_process_cpu_s;

    uint64_t skipped; /**< packets of the input that could not be decoded and were left out */
    uint64_t refused; /**< frames that push and try_push refused for their size, format, memory or pts */
};

/** Empty ones, to be filled: struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS(); */
#define PIXFER_EXPORTER_STATS() PIXFER_SIZED_EMPTY(pixfer_exporter_stats)
#define PIXFER_EXPORTER_QUEUE() PIXFER_SIZED_EMPTY(pixfer_exporter_queue)

/* ---- Push ---------------------------------------------------------------------------------------------------------------- */

/** An export in progress. What it answers to wrong calls, to errors and to threads is said at the top. */
struct pixfer_exporter;

/**
 * Checks the parameters, opens converter and encoder, and creates OUT.part. On failure *out is NULL, nothing is left on disk,
 * and the log and params.error have one line that names the stage, what was found and what was expected. pixfer_exporter_close
 * frees what it gives.
 *
 * Errors: INVALID, UNSUPPORTED, UNAVAILABLE (the encoder or converter asked for), NO_MEMORY, IO (the output cannot be created,
 * or exists).
 *
 * Thread-safety: safe; several exporters may work at a time.
 */
PIXFER_API enum pixfer_result pixfer_exporter_open(struct pixfer_exporter **out, const char *path,
                                                   const struct pixfer_exporter_params *params);

/**
 * Hands over one frame. It is converted, or for NV12 and I420 copied, into the encoder's own frame before the call returns;
 * the caller's memory is not used afterwards. Waits while the encoder is behind by the queue's budget: nothing is dropped.
 *
 * A frame of another size or format, with a NULL plane or a short stride, or whose pts is not above the one before, too far behind
 * it, or within a pause is refused: INVALID, one line, counted in stats.refused, and the export goes on. So a frame that comes late is
 * lost alone.
 *
 * Errors: INVALID as above; CANCELLED once the export is cancelled or the progress callback asked for its end (then finish);
 * else the export's first error.
 *
 * Thread-safety: one thread at a time for push, try_push, pause, resume and finish.
 */
PIXFER_API enum pixfer_result pixfer_exporter_push(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts);

/**
 * pixfer_exporter_push without waiting: PIXFER_ERR_AGAIN, without a line, and nothing is taken, where the queue is full. The same pts
 * may be tried again.
 */
PIXFER_API enum pixfer_result pixfer_exporter_try_push(struct pixfer_exporter *e, const struct pixfer_image *image, int64_t pts);

/** How full the queue is. */
struct pixfer_exporter_queue {
    size_t struct_size; /**< set by PIXFER_EXPORTER_QUEUE(), as in pixfer_exporter_stats */
    uint32_t frames;    /**< converted and waiting for the encoder */
    uint32_t capacity;  /**< at this number pixfer_exporter_push waits */
    uint64_t bytes;     /**< that these frames hold */
};

/** Also during and after finish. Thread-safety: any thread. */
PIXFER_API enum pixfer_result pixfer_exporter_get_queue(struct pixfer_exporter *e, struct pixfer_exporter_queue *queue);

/**
 * Hands over `count` samples for each channel, interleaved 32-bit floats from -1 to 1, that follow the ones before; the first belong
 * to time 0. They are copied. At the end, missing audio is filled with silence and surplus cut, both at the end of the last
 * frame and to the sample, so audio may be short or long.
 *
 * What is ahead of the frames waits in memory, 256 MB at most. Where that is full, audio from a thread of its own waits for the
 * frames, and audio from the frames' thread gets PIXFER_ERR_AGAIN, and nothing is taken.
 *
 * Errors: INVALID (no audio in the parameters, samples NULL, in a pause; a line, and the export goes on; after finish: one line), AGAIN,
 * CANCELLED, else the export's first error.
 *
 * Thread-safety: one thread at a time for push_audio and push_audio_at, the frames' or another one.
 */
PIXFER_API enum pixfer_result pixfer_exporter_push_audio(struct pixfer_exporter *e, const float *samples, size_t count);

/**
 * pixfer_exporter_push_audio with a time of its own: `pts`, in samples (1 / sample_rate s), on the same clock as the frames' pts, says
 * when the first of these samples is heard: beside a frame with pts p (in time base units) that is p × time_base × sample_rate.
 * It may come before the first frame. A hole up to where the samples before ended is filled with silence (more than an hour is refused),
 * an overlap is cut, and so is what lies before time 0. Before the first frame has come, samples with and without times do not mix.
 */
PIXFER_API enum pixfer_result pixfer_exporter_push_audio_at(struct pixfer_exporter *e, const float *samples, size_t count,
                                                            int64_t pts);

/**
 * Takes the time from pause to resume, both on the clock of the frames' pts, out of the export: what is shown and heard after it follows
 * what was before. The last frame is shown until the pause begins. Between the two calls frames and audio are refused. After
 * resume, pts go on as the clock does: frames before resume's pts are refused, audio with a pts before it is cut.
 *
 * Errors: INVALID where pause is before the last frame, resume before pause, or one of them out of turn: a line, and nothing changes.
 *
 * Thread-safety: with the frames.
 */
PIXFER_API enum pixfer_result pixfer_exporter_pause(struct pixfer_exporter *e, int64_t pts);
PIXFER_API enum pixfer_result pixfer_exporter_resume(struct pixfer_exporter *e, int64_t pts);

/**
 * Encodes what is waiting, finalises the file and gives it its name. `stats` may be NULL; it is filled on failure too. In a pause it
 * ends the file with the last frame, which is shown for 1 / fps as ever. Samples that another thread still pushes are refused from
 * here on.
 *
 * OK: the file is complete. CANCELLED: after the progress callback's FINISH it is complete too (stats.bytes is its size); after ABORT
 * OUT.part stays, cut to its last complete fragment, unless it holds no frame (stats.part_kept); after cancel nothing stays. After an
 * error it finalises nothing: OUT.part stays as after ABORT, and the first error is answered. Without a frame: INVALID, and nothing
 * stays. A second finish is refused with a line.
 *
 * Thread-safety: with the frames.
 */
PIXFER_API enum pixfer_result pixfer_exporter_finish(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats);

/**
 * Stops the export and gives it up: calls that wait, finish too, return PIXFER_ERR_CANCELLED within about a second, and OUT.part is
 * removed by close. Once finish has completed the file it does nothing.
 *
 * No call of an encoder can be interrupted. One that does not return is not waited for, here and after ABORT, longer than half a
 * second: the file is closed and the caller goes on; the thread that is inside the encoder frees what it holds when it returns. Until
 * then the program must not unload the library.
 *
 * Thread-safety: any thread, at any time between open and close, from callbacks too.
 */
PIXFER_API void pixfer_exporter_cancel(struct pixfer_exporter *e);

/**
 * The line of the error that ended the export, "" if there is none: refused calls are not errors of the export. The text does not
 * change, and is valid until close. Thread-safety: any thread.
 */
PIXFER_API const char *pixfer_exporter_error(struct pixfer_exporter *e);

/**
 * Stops what runs, frees everything; NULL-safe in both senses, sets *e to NULL. Allowed in every state. Without finish, OUT.part is
 * removed, unless an error ended the export: then what is playable is kept, as finish does.
 *
 * Thread-safety: when no other call is at work, and none follows.
 */
PIXFER_API void pixfer_exporter_close(struct pixfer_exporter **e);

/* ---- Pull ---------------------------------------------------------------------------------------------------------------- */

/** What pixfer_export reads. */
struct pixfer_input {
    size_t struct_size; /**< set by PIXFER_INPUT */
    /**
     * "-" for raw frames on standard input, a file with raw frames, a numbered sequence ("frames/%05d.png", "shot%03d/beauty.png"), or
     * anything that libavformat opens. Frames are raw where `format` and `width` are set.
     */
    const char *name;
    enum pixfer_format format;
    uint32_t width, height;
    size_t stride;             /**< bytes from row to row of raw packed frames; 0 = rows without gaps */
    uint32_t fps_num, fps_den; /**< 0 = the input's own times, or 30 where it has none; else frames follow at this rate */
    uint64_t loop;             /**< how often the input plays; 0 and 1 = once. It is read again, so a pipe cannot. */
    uint64_t first, end;       /**< of all those frames only [first, end), counted from 0; end 0 = to the last */
    const char *audio;         /**< file whose audio is used instead of the input's own */
    int no_audio;
    int color_given; /**< 1: params.color says what NV12 and I420 frames are, even if the file says otherwise */

    int shortest;      /**< 1: the export ends with the shorter of video and audio; 0: a last frame is held to the audio's end */
    int retime;        /**< 1: with fps_num, the audio is sped up or slowed down with the frames */
    int stop_on_error; /**< 1: what cannot be decoded, or only in part, ends the export; 0: it is skipped, counted and reported */
    uint64_t max_pixels; /**< frames of more pixels are refused before memory is got for them; 0 = 16384 × 16384 */
    double max_gap;      /**< seconds; a longer hole in the input's times is closed to this length and reported; 0 = 10 */
};

#define PIXFER_INPUT(...) PIXFER_SIZED(pixfer_input, __VA_ARGS__)

/**
 * Exports an input to its end. Of `params`, format, size, rate, time base and audio are taken from the input. Raw RGB that can
 * be converted by rows is read some rows at a time and converted while they are in the cache: such a frame never exists as a
 * whole. `stats` may be NULL.
 *
 * The input's audio is copied if MP4 can hold it as it is, else encoded as AAC; it starts where the first frame starts, and is
 * cut or, for `audio`, filled with silence at the end of the last.
 *
 * On PIXFER_ERR_CANCELLED the progress callback asked for the end; with FINISH the file is complete up to there. An input that
 * ends inside a frame, or cannot be decoded further, ends the export with PIXFER_ERR_IO after finalising the frames before it.
 * `error`, if not NULL, receives the line that tells the first error.
 *
 * Thread-safety: safe. The calling thread reads and converts; encoder and writer have threads of their own.
 */
PIXFER_API enum pixfer_result pixfer_export(const char *path, const struct pixfer_input *input,
                                            const struct pixfer_exporter_params *params, struct pixfer_exporter_stats *stats,
                                            char *error, size_t error_size);

/* ---- The machine --------------------------------------------------------------------------------------------------------- */

/** The encoders that `encoder = NULL` tries, those of the codec wanted, in its order, NULL-terminated. Thread-safety: safe. */
PIXFER_API const char *const *pixfer_encoder_names(void);

/**
 * Opens the encoder for a small frame and, if it is hardware, has it encode one. Returns 1 if that works, else 0 with one line in
 * `reason`. Thread-safety: safe.
 */
PIXFER_API int pixfer_encoder_works(const char *name, char *reason, size_t size);

/**
 * Routes the messages of the FFmpeg libraries, which are one stream for the whole process, to `log`; NULL silences them. It sets FFmpeg's
 * log callback for the process, which nothing else here does: without this call what encoders and decoders of exports say is
 * silent, whatever the program does with the messages of its own use of FFmpeg. It is with them that an encoder which does not
 * open is explained in its own words. After it has returned, the `log` and `opaque` of before are not used any more.
 *
 * Thread-safety: safe, but not from within `log`.
 */
PIXFER_API void pixfer_exporter_route_libav_log(pixfer_log_callback log, void *opaque);

/** The versions of the FFmpeg libraries in use, as "libavcodec 59.37.100, libavformat 59.27.100". Thread-safety: safe. */
PIXFER_API const char *pixfer_exporter_libav_versions(void);

#ifdef __cplusplus
}
#endif
#endif
