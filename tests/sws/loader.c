/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* Links no libswscale. Without an argument: what of it is in the process answers as a library that is not there. With two: loads these
 * modules, of which the first has libswscale and the second another library for itself, and sees to it that both work. */

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct context;

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);

    if (!found)
        fprintf(stderr, "there is no %s\n", name);
    return found;
}

static int without(void)
{
    struct context *(*get)(int, int, int, int, int, int, int, void *, void *, const double *);
    int (*init)(struct context *, void *, void *);
    int (*scale)(struct context *, const uint8_t *const[], const int[], int, int, uint8_t *const[], const int[]);
    void (*free_context)(struct context *);
    void *symbols[] = {symbol(RTLD_DEFAULT, "sws_getContext"), symbol(RTLD_DEFAULT, "sws_init_context"),
                       symbol(RTLD_DEFAULT, "sws_scale"), symbol(RTLD_DEFAULT, "sws_freeContext")};

    if (!symbols[0] || !symbols[1] || !symbols[2] || !symbols[3])
        return 1;
    memcpy(&get, &symbols[0], sizeof(get));
    memcpy(&init, &symbols[1], sizeof(init));
    memcpy(&scale, &symbols[2], sizeof(scale));
    memcpy(&free_context, &symbols[3], sizeof(free_context));
    free_context(NULL);
    return get(16, 16, 26, 16, 16, 0, 4, NULL, NULL, NULL) || init(NULL, NULL, NULL) >= 0 ||
           scale(NULL, NULL, NULL, 0, 16, NULL, NULL) >= 0;
}

static int (*load(const char *name))(uint8_t *, int, int, const uint8_t *)
{
    int (*convert)(uint8_t *, int, int, const uint8_t *) = NULL;
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL), *found = library ? symbol(library, "convert") : NULL;

    if (!library)
        fprintf(stderr, "%s\n", dlerror());
    memcpy(&convert, &found, sizeof(convert));
    return convert;
}

/* The program itself, too, may look for the functions by their names. */
static int works_by_name(void)
{
    struct context *(*get)(int, int, int, int, int, int, int, void *, void *, const double *);
    void *found = dlsym(RTLD_DEFAULT, "sws_getContext");

    memcpy(&get, &found, sizeof(get));
    return !found || get(16, 16, 0, 16, 16, 0, 4, NULL, NULL, NULL);
}

int main(int argc, char **argv)
{
    enum { W = 16, H = 9 };
    uint8_t rgba[W * H * 4], planes[W * H * 3] = {0};
    int (*convert)(uint8_t *, int, int, const uint8_t *);

    if (argc < 3)
        return without();
    memset(rgba, 255, sizeof(rgba));
    convert = load(argv[1]);
    if (!convert || convert(planes, W, H, rgba) != H || planes[0] != 235 || planes[W * H] != 128 ||
        planes[W * H * 3 - 1] != 128) {
        fprintf(stderr, "white is %d, %d, %d, expected 235, 128, 128\n", planes[0], planes[W * H], planes[W * H * 3 - 1]);
        return 1;
    }
    convert = load(argv[2]);
    if (!convert || convert(planes, W, H, rgba) != 4711) {
        fprintf(stderr, "the second module does not get its own library\n");
        return 1;
    }
    return !works_by_name() || dlsym(RTLD_DEFAULT, "swscale_version");
}
