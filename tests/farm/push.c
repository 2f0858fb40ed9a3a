/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The C interface: a renderer without an input pushes the frames of its segments; wrong calls; plans from anywhere. */
#include <pixfer/plan.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH = 66, HEIGHT = 34, FRAMES = 23, SEGMENTS = 4 };

static int failures;
static char folder[64];

#define CHECK(condition, ...)                                      \
    do {                                                           \
        if (!(condition)) {                                        \
            printf("%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            printf(__VA_ARGS__);                                   \
            printf("\n");                                          \
            failures++;                                            \
        }                                                          \
    } while (0)

static struct pixfer_image draw(uint64_t frame)
{
    static uint8_t pixels[HEIGHT][WIDTH][4];
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            pixels[y][x][0] = (uint8_t)(x * 3 + frame * 5);
            pixels[y][x][1] = (uint8_t)(y * 7 + frame * 3);
            pixels[y][x][2] = (uint8_t)(x + y);
            pixels[y][x][3] = 255;
        }
    return (struct pixfer_image){
        .format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT, .plane = {&pixels[0][0][0]}, .stride = {WIDTH * 4}};
}

static struct pixfer_exporter_params params(void)
{
    struct pixfer_exporter_params p = PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA);
    p.width = WIDTH;
    p.height = HEIGHT;
    p.fps_num = 24;
    p.encoder = "libx264";
    return p;
}

static struct pixfer_plan_host host(char *error, size_t size)
{
    struct pixfer_plan_host h = PIXFER_PLAN_HOST(.folder = folder);
    h.error = error;
    h.error_size = size;
    return h;
}

static struct pixfer_plan *make_plan(const char *output)
{
    struct pixfer_plan *plan = NULL;
    struct pixfer_exporter_params p = params();
    const struct pixfer_plan_params cut = PIXFER_PLAN_PARAMS(.output = output, .segments = SEGMENTS, .frames = FRAMES);
    enum pixfer_result result = pixfer_plan_create(&plan, NULL, &p, &cut);
    CHECK(result == PIXFER_OK, "create: %d", result);
    return plan;
}

/* In a process of its own it would read the plan's text: so it does here. */
static void render_segment(const char *text, uint32_t index)
{
    char error[300] = "";
    struct pixfer_plan *plan = NULL;
    struct pixfer_exporter *e = NULL;
    uint64_t first, end;
    enum pixfer_result result = pixfer_plan_parse(&plan, text, strlen(text), error, sizeof(error));
    CHECK(result == PIXFER_OK, "parse: %s", error);
    const struct pixfer_plan_host h = host(error, sizeof(error));
    CHECK(pixfer_plan_get_segment(plan, index, &first, &end), "segment %u", index);
    result = pixfer_plan_open_segment(plan, index, &h, &e);
    CHECK(result == PIXFER_OK, "open: %s", error);
    for (uint64_t n = first; n < end && e; n++) {
        const struct pixfer_image image = draw(n);
        CHECK(pixfer_exporter_push(e, &image, (int64_t)n + 1) == PIXFER_ERR_INVALID, "another number is taken");
        result = pixfer_exporter_push(e, &image, (int64_t)n);
        CHECK(result == PIXFER_OK, "push %d", (int)n);
    }
    const struct pixfer_image image = draw(end);
    CHECK(pixfer_exporter_push(e, &image, (int64_t)end) == PIXFER_ERR_INVALID, "a frame too much is taken");
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_OK, "finish: %s", pixfer_exporter_error(e));
    pixfer_exporter_close(&e);
    pixfer_plan_close(&plan);
}

/* Fewer frames than planned: nothing appears. */
static void fall_short(const struct pixfer_plan *plan)
{
    char error[300] = "", name[300];
    const struct pixfer_plan_host h = host(error, sizeof(error));
    struct pixfer_plan_info info = PIXFER_PLAN_INFO();
    struct pixfer_segment_status status = PIXFER_SEGMENT_STATUS();
    struct pixfer_exporter *e = NULL;
    pixfer_plan_get_info(plan, &info);
    CHECK(pixfer_plan_open_segment(plan, 1, &h, &e) == PIXFER_OK, "open: %s", error);
    uint64_t first = 0;
    pixfer_plan_get_segment(plan, 1, &first, NULL);
    const struct pixfer_image image = draw(first);
    CHECK(pixfer_exporter_push(e, &image, (int64_t)first) == PIXFER_OK, "push");
    CHECK(pixfer_plan_get_status(plan, 1, &h, 0, &status) == PIXFER_OK && status.state == PIXFER_SEGMENT_RUNNING, "state %d",
          status.state);
    CHECK(pixfer_exporter_finish(e, NULL) == PIXFER_ERR_INVALID, "finish with a frame missing");
    CHECK(strstr(pixfer_exporter_error(e), "1 frames came, expected"), "%s", pixfer_exporter_error(e));
    pixfer_exporter_close(&e);
    snprintf(name, sizeof(name), "%s/%s/00001.mp4", folder, info.id);
    CHECK(access(name, F_OK), "%s is there", name);
    CHECK(pixfer_plan_get_status(plan, 1, &h, 1, &status) == PIXFER_OK && status.state == PIXFER_SEGMENT_MISSING, "state %d",
          status.state);
}

static long size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) ? -1 : (long)st.st_size;
}

static int equal(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    int same = x && y && size_of(a) == size_of(b), c;
    while (same && (c = fgetc(x)) != EOF)
        same = c == fgetc(y);
    if (x)
        fclose(x);
    if (y)
        fclose(y);
    return same;
}

static void join(const struct pixfer_plan *plan, const char *path, enum pixfer_result expected)
{
    char error[300] = "";
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();
    struct pixfer_plan_host h = host(error, sizeof(error));
    enum pixfer_result result = pixfer_plan_join(plan, path, &h, &stats);
    CHECK(result == expected, "join: %d, %s", result, error);
    if (result == PIXFER_OK)
        CHECK(stats.frames == FRAMES && (long)stats.bytes == size_of(path), "%d frames", (int)stats.frames);
    else
        CHECK(*error && size_of(path) < 0, "'%s', %ld bytes", error, size_of(path));
}

static void wrong_calls(const struct pixfer_plan *plan)
{
    char error[300];
    struct pixfer_plan *none = NULL;
    struct pixfer_exporter *e = NULL;
    struct pixfer_exporter_params p = params();
    struct pixfer_plan_host h = host(error, sizeof(error));
    const struct pixfer_plan_params two = PIXFER_PLAN_PARAMS(.tasks = 2, .segments = 3, .frames = 5);
    const struct pixfer_plan_params nothing = PIXFER_PLAN_PARAMS(.segments = 3);
    p.error = error;
    p.error_size = sizeof(error);
    CHECK(pixfer_plan_create(&none, NULL, &p, &two) == PIXFER_ERR_INVALID && !none && strstr(error, "expected one"), "%s", error);
    CHECK(pixfer_plan_create(&none, NULL, &p, &nothing) == PIXFER_ERR_INVALID && strstr(error, "are to be pushed"), "%s", error);
    CHECK(pixfer_plan_create(&none, NULL, NULL, &two) == PIXFER_ERR_INVALID, "no params");
    CHECK(pixfer_plan_create(NULL, NULL, &p, &two) == PIXFER_ERR_INVALID, "no out");
    CHECK(pixfer_plan_make_segment(plan, 0, &h, NULL, NULL) == PIXFER_ERR_INVALID && strstr(error, "are pushed"), "%s", error);
    CHECK(pixfer_plan_open_segment(plan, SEGMENTS, &h, &e) == PIXFER_ERR_INVALID && !e && strstr(error, "expected 0 to 3"), "%s",
          error);
    CHECK(pixfer_plan_open_segment(NULL, 0, &h, &e) == PIXFER_ERR_INVALID, "no plan");
    CHECK(pixfer_plan_join(NULL, "x.mp4", &h, NULL) == PIXFER_ERR_INVALID, "no plan");
    CHECK(pixfer_plan_parse(&none, NULL, 0, error, sizeof(error)) == PIXFER_ERR_INVALID, "no text");
    CHECK(pixfer_plan_read(&none, "there is none", error, sizeof(error)) == PIXFER_ERR_IO && strstr(error, "there is none"), "%s",
          error);
    CHECK(!pixfer_plan_get_segment(plan, SEGMENTS, NULL, NULL), "segment 4");
    pixfer_plan_close(NULL);
    pixfer_plan_close(&none);
}

/* The text of the versions is one for all threads, and no call of another may disturb who reads it. */
static void *ask_versions(void *opaque)
{
    int *wrong = opaque;
    char first[200];
    snprintf(first, sizeof(first), "%s", pixfer_exporter_libav_versions());
    for (int i = 0; i < 200000; i++)
        *wrong += strcmp(first, pixfer_exporter_libav_versions()) != 0;
    return NULL;
}

static void ask_from_two_threads(void)
{
    pthread_t threads[2];
    int wrong[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, ask_versions, &wrong[i]))
            abort();
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    CHECK(!wrong[0] && !wrong[1], "the versions were another text %d and %d times", wrong[0], wrong[1]);
}

int main(void)
{
    char one[80], again[80];
    snprintf(folder, sizeof(folder), "/tmp/pixfer-farm.XXXXXX");
    if (!pixfer_encoder_works("libx264", one, sizeof(one)) || !mkdtemp(folder)) {
        printf("skipped: libx264 is not there\n");
        return 77;
    }
    ask_from_two_threads();
    snprintf(one, sizeof(one), "%s/one.mp4", folder);
    snprintf(again, sizeof(again), "%s/again.mp4", folder);
    struct pixfer_plan *plan = make_plan(one);
    if (plan) {
        const char *text = pixfer_plan_text(plan);
        struct pixfer_plan *second = make_plan(one);
        CHECK(!strcmp(text, pixfer_plan_text(second)), "two plans of the same differ");
        pixfer_plan_close(&second);
        wrong_calls(plan);
        fall_short(plan);
        for (uint32_t k = SEGMENTS; k-- > 1;)
            render_segment(text, k);
        join(plan, one, PIXFER_ERR_INVALID);
        render_segment(text, 0);
        join(plan, one, PIXFER_OK);
        for (uint32_t k = 0; k < SEGMENTS; k++)
            render_segment(text, k);
        join(plan, again, PIXFER_OK);
        CHECK(equal(one, again), "the second join is another file");
    }
    pixfer_plan_close(&plan);
    char command[100];
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command) || failures;
}
