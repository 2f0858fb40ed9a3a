/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The contexts that were seen, by their addresses, and what pixfer does for each. */

#include "context.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 256

static struct context *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* PIXFER_SWS, read once. */
static pthread_once_t settled = PTHREAD_ONCE_INIT;
static bool off, verbose;

static void take_lock(void)
{
    pthread_mutex_lock(&lock);
}

static void drop_lock(void)
{
    pthread_mutex_unlock(&lock);
}

static void settle(void)
{
    const char *setting = getenv("PIXFER_SWS");

    pthread_atfork(take_lock, drop_lock, drop_lock); /* libswscale has no lock that a child of fork() could find taken */
    if (!setting || !*setting)
        return;
    off = !strcmp(setting, "off");
    verbose = !strcmp(setting, "log");
    if (!off && !verbose)
        fprintf(stderr, "pixfer-sws: PIXFER_SWS is '%.40s', expected off or log\n", setting);
}

/* ---- The table ---- */

static struct context **find_link(const struct SwsContext *key)
{
    struct context **link = &buckets[((uintptr_t)key >> 6) % BUCKETS];

    while (*link && (*link)->key != key)
        link = &(*link)->next;
    return link;
}

struct context *pixfer_sws_find(const struct SwsContext *key)
{
    struct context *context;

    if (!key)
        return NULL;
    take_lock();
    context = *find_link(key);
    drop_lock();
    return context;
}

struct context *pixfer_sws_take_out(const struct SwsContext *key)
{
    struct context **link, *context;

    if (!key)
        return NULL;
    take_lock();
    link = find_link(key);
    context = *link;
    if (context)
        *link = context->next;
    drop_lock();
    return context;
}

void pixfer_sws_put_back(struct context *context)
{
    struct context **link;

    if (!context)
        return;
    take_lock();
    link = find_link(context->key);
    context->next = *link;
    *link = context;
    drop_lock();
}

static struct context *make(struct SwsContext *key, const struct real *real, bool filtered)
{
    struct context *context;

    pthread_once(&settled, settle);
    pixfer_sws_free(pixfer_sws_take_out(key));
    if (!key || off || !(context = calloc(1, sizeof(*context))))
        return NULL;
    *context = (struct context){.key = key, .real = real, .filtered = filtered, .changed = true};
    return context;
}

void pixfer_sws_add(struct SwsContext *key, const struct real *real, bool filtered)
{
    struct context *context = make(key, real, filtered);

    if (context)
        context->readable = pixfer_sws_read_making(real, key, &context->making);
    pixfer_sws_put_back(context);
}

void pixfer_sws_add_uninitialised(struct SwsContext *key, const struct real *real)
{
    struct context *context = make(key, real, false);

    if (context)
        snprintf(context->why, sizeof(context->why), "it was never initialised: what it does is up to each frame");
    pixfer_sws_put_back(context);
}

void pixfer_sws_free(struct context *context)
{
    if (!context)
        return;
    pixfer_converter_close(&context->converter);
    pixfer_sws_carry_free(&context->carry);
    free(context);
}

/* ---- What is done for one ---- */

/* One line for each context, and another when that changes. */
static void say(struct context *context, const char *against)
{
    static const char *const matrices[] = {[1] = "bt709", [6] = "bt601", [7] = "smpte240m", [9] = "bt2020"};
    static const char *const sitings[] = {"left", "center", "top-left"};
    const struct pixfer_converter_params *params = &context->params;
    const struct making *making = &context->making;
    char line[sizeof(context->said)];
    const char *from = NULL, *to = NULL;

    if (!verbose)
        return;
    if (context->real->get_pix_fmt_name) {
        from = context->real->get_pix_fmt_name((enum AVPixelFormat)making->src_format);
        to = context->real->get_pix_fmt_name((enum AVPixelFormat)making->dst_format);
    }
    if (!context->readable) {
        snprintf(line, sizeof(line), "handed on: %s", against);
    } else if (against) {
        snprintf(line, sizeof(line), "handed on: %dx%d %s to %dx%d %s: %s", (int)making->src_w, (int)making->src_h,
                 from ? from : "?", (int)making->dst_w, (int)making->dst_h, to ? to : "?", against);
    } else {
        struct pixfer_converter_info info = PIXFER_CONVERTER_INFO();

        pixfer_converter_get_info(context->converter, &info);
        snprintf(line, sizeof(line), "taken: %dx%d %s to %s, %s, %s range, siting %s, %s, %u thread%s", (int)making->src_w,
                 (int)making->src_h, from ? from : "?", to ? to : "?", matrices[params->color.matrix],
                 params->color.range == PIXFER_RANGE_FULL ? "full" : "limited", sitings[params->color.siting], info.isa,
                 info.threads, info.threads == 1 ? "" : "s");
    }
    if (strcmp(line, context->said) != 0)
        fprintf(stderr, "pixfer-sws: %s\n", line);
    memcpy(context->said, line, sizeof(line));
}

/* The last line of the core's log, which is why a converter could not be opened. */
static void keep_line(void *opaque, int level, const char *message)
{
    if (level == PIXFER_LOG_ERROR)
        snprintf(opaque, WHY_SIZE, "%s", message);
}

bool pixfer_sws_ready(struct context *context)
{
    struct pixfer_converter_params params = PIXFER_CONVERTER_PARAMS(.width = 0);
    struct pixfer_converter *converter = NULL;
    struct colors colors;
    const char *against = *context->why ? context->why : "it cannot be asked what it does";

    if (!context->changed)
        return context->converter != NULL;
    if (pixfer_sws_read_colors(context, &colors)) {
        if (context->converter && !memcmp(&colors, &context->colors, sizeof(colors))) {
            context->changed = false;
            return true;
        }
        against = pixfer_sws_plan(context, &colors, &params);
    }
    if (!against) {
        params.log = keep_line;
        params.log_opaque = context->why;
        if (pixfer_converter_open(&converter, &params) != PIXFER_OK)
            against = context->why;
    }
    /* A frame that pixfer has begun it ends: colours that it does not have count from the next frame on. */
    if (against && context->pieces.given)
        return true;
    pixfer_converter_close(&context->converter);
    context->converter = converter;
    context->params = params;
    context->colors = colors;
    context->changed = false;
    say(context, against);
    return converter != NULL;
}
