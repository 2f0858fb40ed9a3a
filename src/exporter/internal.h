/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef PIXFER_EXPORTER_INTERNAL_H
#define PIXFER_EXPORTER_INTERNAL_H

/* The stages of an export and what passes between them:
 *
 *   source (source*.c, or the caller who pushes) -> convert_stage.c -> [queue of AVFrame] -> encoder*.c -> [queue of AVPacket]
 *   -> muxer.c -> OUT.part -> finalise.c -> OUT
 *
 * Source and convert stage share the caller's thread, encoder and muxer have one each (pipeline.c). */

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/buffer.h>
#include <pixfer/exporter.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#if defined(__GNUC__)
#define PIXFER_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define PIXFER_PRINTF(string, first)
#endif

/* ---- Report: the log, the first error, the wish to stop (report.c) ------------------------------------------------------- */

struct report {
    pixfer_log_callback log;
    void *opaque;
    int stderr_level;
    pthread_mutex_t mutex;
    enum pixfer_result result; /* the first error */
    char error[768];
    bool told;
    atomic_bool failed, aborted, finishing, cancelled;
};

void pixfer_report_init(struct report *r, pixfer_log_callback log, void *opaque);
void pixfer_report_log(struct report *r, int level, const char *format, ...) PIXFER_PRINTF(3, 4);

/* Records the first error, which pixfer_report_tell logs; later ones are consequences and go to debug. Returns result. */
enum pixfer_result pixfer_report_fail(struct report *r, enum pixfer_result result, const char *format, ...) PIXFER_PRINTF(3, 4);
/* Logs the first error, once, with what became of the output; "" for nothing to add. */
void pixfer_report_tell(struct report *r, const char *format, ...) PIXFER_PRINTF(2, 3);

/* FFmpeg's text for an error number; valid until this thread's next call. */
const char *pixfer_av_error(int error);

double pixfer_now(void);         /* seconds, monotonic */
double pixfer_cpu_time(void);    /* of the process */
double pixfer_thread_time(void); /* of this thread */
uint64_t pixfer_peak_rss(void);

/* ---- Queue: bounded by count and bytes (queue.c) ------------------------------------------------------------------------- */

/* Asked every 100 ms while a queue is waited for; false gives the wait up. */
typedef bool (*queue_tick)(void *opaque);

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    void **items;
    size_t *weights;
    size_t capacity, first, count, bytes, budget;
    bool closed; /* no more items are taken or given */
};

int pixfer_queue_init(struct queue *q, size_t capacity, size_t budget);
/* Takes over item, also where it fails: false if the queue is closed or tick gave up, and item is then the caller's again. */
bool pixfer_queue_push(struct queue *q, void *item, size_t bytes, queue_tick tick, void *opaque);
/* False when closed, or when tick gave up; tick may be NULL here and above. */
bool pixfer_queue_pop(struct queue *q, void **item, queue_tick tick, void *opaque);
/* Without waiting; for emptying it. */
bool pixfer_queue_take(struct queue *q, void **item);
void pixfer_queue_close(struct queue *q);
void pixfer_queue_free(struct queue *q);

/* ---- Colour tags (tags.c) ------------------------------------------------------------------------------------------------ */

struct tags {
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorRange range;
    enum AVChromaLocation location;
};

/* What a conversion to `color` is called; primaries and transfer 0 = the ones that go with the matrix. */
struct tags pixfer_tags_make(const struct pixfer_color *color, int primaries, int transfer);
void pixfer_tags_to_frame(const struct tags *tags, AVFrame *frame);
void pixfer_tags_to_codec(const struct tags *tags, AVCodecContext *codec);
void pixfer_tags_describe(const struct tags *tags, char *text, size_t size);

/* AV_PIX_FMT_NONE or PIXFER_FORMAT_NONE where there is no counterpart. */
enum AVPixelFormat pixfer_to_av_format(enum pixfer_format format);
enum pixfer_format pixfer_from_av_format(enum AVPixelFormat format);

/* ---- Frames that the encoder reads (frames.c) ---------------------------------------------------------------------------- */

/* Where encoder frames come from. The planes of a frame from get() can be written; seal() is called on the encoder's thread and
 * may replace it by a native surface. A platform whose encoder takes surfaces that the CPU can map gives out mapped surfaces
 * in get() and unmaps them in seal(): the joint for CVPixelBuffer. */
struct frame_source {
    enum AVPixelFormat format; /* of the planes: NV12 or YUV420P */
    int width, height;         /* even */
    AVBufferPool *pool;
    AVBufferRef *device, *surfaces;                       /* hardware that needs an upload; else NULL */
    size_t bytes;                                         /* of one frame */
    int (*seal)(struct frame_source *s, AVFrame **frame); /* NULL = the frame is sent as it is */
};

int pixfer_frames_init(struct frame_source *s, enum AVPixelFormat format, int width, int height);
AVFrame *pixfer_frames_get(struct frame_source *s);
void pixfer_frames_free(struct frame_source *s);

/* The same where the CPU can map the encoder's surfaces (frames_surface.c): get() and seal() of such a source. */
AVFrame *pixfer_surface_get(struct frame_source *s);
int pixfer_surface_seal(struct frame_source *s, AVFrame **frame);
/* seal() where it cannot: the frame is copied into a surface of the device. */
int pixfer_surface_upload(struct frame_source *s, AVFrame **frame);
/* Has the hardware converter in charge write a whole picture into the frame's surface. False if that is not how this frame is
 * converted: its planes are then there for pixfer_convert. */
bool pixfer_surface_transfer(struct pixfer_converter *c, const struct pixfer_image *image, AVFrame *frame,
                             enum pixfer_result *result);

/* ---- Encoder (encoder.c: the families and the walk; encoder_options.c: what a user's wishes are called in each) ----------- */

struct encoder_request {
    const char *name; /* NULL = auto */
    const char *preset;
    enum pixfer_rate rate;
    double rate_value;
    unsigned threads;
    int width, height; /* even */
    AVRational fps, time_base;
    struct tags tags;
    enum AVPixelFormat wanted; /* what frames would best be: NV12, or YUV420P where they arrive so */
};

struct encoder_family {
    const char *name;
    bool hardware;
    enum AVPixelFormat formats[3]; /* that it takes from memory, best first, ends in NONE */
    enum AVHWDeviceType device;    /* frames are uploaded to it; NONE = they are not */
    enum AVPixelFormat surface;    /* the format of such a frame */
    int (*options)(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told, size_t size);
};

struct encoder {
    const struct encoder_family *family;
    AVCodecContext *codec;
    struct frame_source frames;
    char told[160]; /* settings, for the log */
};

extern const struct encoder_family pixfer_encoder_families[]; /* in the order of auto; ends with name NULL */
int pixfer_encoder_options_x264(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                size_t size);
int pixfer_encoder_options_openh264(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                    char *told, size_t size);
int pixfer_encoder_options_videotoolbox(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options,
                                        char *told, size_t size);
int pixfer_encoder_options_nvenc(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                 size_t size);
int pixfer_encoder_options_qsv(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                               size_t size);
int pixfer_encoder_options_vaapi(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                 size_t size);
int pixfer_encoder_options_mf(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                              size_t size);
int pixfer_encoder_options_other(AVCodecContext *codec, const struct encoder_request *request, AVDictionary **options, char *told,
                                 size_t size);

enum pixfer_result pixfer_encoder_open(struct encoder *e, const struct encoder_request *request, struct report *report);
void pixfer_encoder_close(struct encoder *e);

/* ---- Output (output.c: a file as an AVIOContext that remembers why it failed) --------------------------------------------- */

struct output {
    AVIOContext *io;
    int fd;
    int error;     /* errno of the first failure */
    int64_t bytes; /* largest offset written */
    char *path;
};

/* Creates the file, refusing an existing one unless `replace`. Returns 0 or an errno. */
int pixfer_output_open(struct output *o, const char *path, bool replace);
int pixfer_output_sync(struct output *o); /* 0 or an errno */
int pixfer_output_close(struct output *o);
/* Takes the name `to`, which must be free unless `replace`. Returns 0 or an errno. */
int pixfer_output_rename(const char *from, const char *to, bool replace);

/* ---- Muxer (muxer.c: fragments; finalise.c: the ordinary MP4) -------------------------------------------------------------- */

struct stamp {
    int64_t pts, dts, duration; /* in the stream's time base of the muxer */
};

struct track {
    AVCodecParameters *par;
    AVRational time_base, rate;
    int64_t cut; /* the sound's end in time_base; INT64_MAX = none */
    struct stamp *stamps;
    size_t count, capacity, safe; /* safe: those in complete fragments */
};

struct muxer {
    struct report *report;
    char *path, *part;
    bool overwrite;
    struct output out;
    AVFormatContext *context;
    struct track tracks[2];
    unsigned track_count;
    bool header_written, finished;
    int64_t fragment_start; /* dts in the video track's time base, AV_NOPTS_VALUE = empty */
    int64_t pending;        /* bytes of the fragment being collected */
    int64_t safe_bytes;     /* where the last complete fragment ends */
    double last_flush, last_sync;
    AVBSFContext *bsf; /* writes the colour tags that an encoder leaves out */
    atomic_ullong bytes;
};

/* Looks at everything that could make the last step fail; creates nothing. */
enum pixfer_result pixfer_muxer_open(struct muxer *m, const char *path, bool overwrite, struct report *report);
enum pixfer_result pixfer_muxer_create(struct muxer *m);
/* Before the first write. true_width and true_height are what players show. */
enum pixfer_result pixfer_muxer_add_video(struct muxer *m, const AVCodecContext *codec, uint32_t true_width, uint32_t true_height,
                                          bool fix_tags);
enum pixfer_result pixfer_muxer_add_audio(struct muxer *m, const AVCodecParameters *par, AVRational time_base);
/* The packet's times are in `unit`; its stream_index is the track. Takes the reference. */
enum pixfer_result pixfer_muxer_write(struct muxer *m, AVPacket *packet, AVRational unit);
/* Completes OUT.part. */
enum pixfer_result pixfer_muxer_end(struct muxer *m);
/* Turns the complete OUT.part into OUT. `tick` is asked now and then and may abort. */
enum pixfer_result pixfer_muxer_finalise(struct muxer *m, queue_tick tick, void *opaque);
/* Cuts OUT.part to its last complete fragment, removes it if it holds no frame; the number of frames kept. */
uint64_t pixfer_muxer_keep_part(struct muxer *m);
void pixfer_muxer_discard(struct muxer *m);
void pixfer_muxer_close(struct muxer *m);
/* "No space left on device" and what to do about it. */
const char *pixfer_errno_text(int error, char *text, size_t size);

/* ---- Convert stage (convert_stage.c) -------------------------------------------------------------------------------------- */

struct convert_stage {
    struct report *report;
    enum pixfer_format format, target;  /* target: what the planes of an encoder frame hold */
    uint32_t width, height;             /* true size */
    struct pixfer_converter *converter; /* NULL where frames pass through */
    bool by_rows;                       /* pixfer_convert_rows is the fast way */
    bool on_this_thread;                /* nothing else works on a conversion */
    bool told;
    double seconds;
    char measured[160]; /* what the converters took where they were measured */
    uint32_t lag;       /* rows above the window that the filter looks at */
};

enum pixfer_result pixfer_stage_open(struct convert_stage *s, const struct pixfer_exporter_params *params, struct report *report);
/* Opens the converter for what the encoder wants. */
enum pixfer_result pixfer_stage_set_target(struct convert_stage *s, const struct pixfer_exporter_params *params,
                                           struct frame_source *frames);
enum pixfer_result pixfer_stage_frame(struct convert_stage *s, const struct pixfer_image *image, AVFrame *frame);
enum pixfer_result pixfer_stage_rows(struct convert_stage *s, const struct pixfer_image *window, AVFrame *frame, uint32_t first,
                                     uint32_t count);
/* Repeats the edge of an odd picture and tells of the first frame. */
void pixfer_stage_finish_frame(struct convert_stage *s, AVFrame *frame);
void pixfer_stage_close(struct convert_stage *s);
enum pixfer_siting pixfer_stage_siting(const struct pixfer_exporter_params *params);

/* ---- The exporter (exporter.c, pipeline.c) -------------------------------------------------------------------------------- */

struct audio_encoder;

struct pixfer_exporter {
    struct pixfer_exporter_params params;
    struct report report;
    struct tags tags;
    struct convert_stage stage;
    struct encoder encoder;
    struct muxer muxer;
    struct queue frames, packets, done;
    pthread_t encode_thread, mux_thread;
    bool threads_running, queues_ready;
    bool finished, complete;
    AVRational fps, time_base;
    struct audio_encoder *audio;
    int64_t last_pts, end_pts; /* of the frames pushed; end_pts: the time the last one ends */
    uint64_t pushed;
    atomic_ullong encoded;
    atomic_llong media_end; /* in time_base */
    double start, cpu_start, encode_s, mux_s, source_s;
    uint64_t frames_total;
    double last_tick, last_progress, recent_fps;
    uint64_t mark_frames, progress_frames;
    const char *waiting_for;
    double stalled_since;
    struct pixfer_exporter_stats stats;
};

/* How an exporter is opened from within: what pixfer_exporter_open does, with tags that its parameters cannot say. */
enum pixfer_result pixfer_exporter_prepare(struct pixfer_exporter **out, const char *path,
                                           const struct pixfer_exporter_params *params, const struct tags *tags);
enum pixfer_result pixfer_exporter_start(struct pixfer_exporter *e); /* after tracks have been added */
/* A writable encoder frame, and its way into the queue. submit takes the reference. */
AVFrame *pixfer_exporter_acquire(struct pixfer_exporter *e);
enum pixfer_result pixfer_exporter_submit(struct pixfer_exporter *e, AVFrame *frame, int64_t pts, int64_t duration);
/* An encoded packet of sound for track 1, with times in `unit`. Takes the packet. */
enum pixfer_result pixfer_exporter_packet(struct pixfer_exporter *e, AVPacket *packet, AVRational unit);
/* Calls the progress callback if it is time to; false once the export is to stop. */
bool pixfer_exporter_tick(struct pixfer_exporter *e, const char *waiting_for);
enum pixfer_result pixfer_exporter_result(struct pixfer_exporter *e);

enum pixfer_result pixfer_pipeline_start(struct pixfer_exporter *e);
/* Lets the queues run empty and waits for the threads; with `drop` what is queued is thrown away. */
void pixfer_pipeline_stop(struct pixfer_exporter *e, bool drop);

void pixfer_stats_fill(struct pixfer_exporter *e, struct pixfer_exporter_stats *stats);

/* ---- Sound that is encoded (audio_encoder.c) ------------------------------------------------------------------------------- */

enum pixfer_result pixfer_audio_open(struct pixfer_exporter *e, uint32_t sample_rate, uint32_t channels);
/* Samples NULL = silence. They wait for their pictures. */
enum pixfer_result pixfer_audio_push(struct pixfer_exporter *e, const float *samples, size_t count);
/* Encodes what belongs to pictures that have been submitted. */
enum pixfer_result pixfer_audio_advance(struct pixfer_exporter *e);
/* Drops what waits behind `end` samples; how many samples there are then. */
int64_t pixfer_audio_truncate(struct pixfer_exporter *e, int64_t end);
/* Cuts or fills with silence to the end of the last picture, and flushes. */
enum pixfer_result pixfer_audio_finish(struct pixfer_exporter *e);
void pixfer_audio_close(struct pixfer_exporter *e);

#endif
