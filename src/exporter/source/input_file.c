/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <stdio.h>

#include "input_file.h"

int pixfer_input_file_open(struct input_file *f, const char *name, int fd, const struct source_host *host)
{
    struct file_state state;
    *f = (struct input_file){.fd = fd, .own_fd = fd < 0, .host = host};
    int error = fd < 0 ? pixfer_file_open_to_read(name, false, &f->fd) : 0; /* a FIFO does not wait for its writer here */
    if (!error)
        error = pixfer_file_state_of(f->fd, &state);
    if (!error && state.kind == FILE_FOLDER)
        error = EISDIR;
    if (error) {
        pixfer_input_file_close(f);
        return error;
    }
    f->regular = state.kind == FILE_REGULAR;
    if (f->regular) {
        int64_t start = pixfer_file_seek(f->fd, 0, SEEK_CUR);
        f->start = start > 0 ? start : 0;
        f->size = state.size > f->start ? state.size - f->start : 0;
    } else {
        pixfer_file_widen_pipe(f->fd); /* fewer switches between the renderer and this */
    }
    return 0;
}

/* A pipe may stay silent for long: look up now and then. */
static int wait_for_data(struct input_file *f)
{
    for (;;) {
        int ready = pixfer_file_wait(f->fd, false, 100);
        if (ready)
            return ready < 0 ? -ready : 0;
        if (!pixfer_host_proceeds(f->host))
            return ECANCELED;
    }
}

/* What has gone by cannot be read again. */
static void remember(struct input_file *f, const uint8_t *bytes, int64_t count)
{
    for (int64_t i = 0; i < count && f->read + i < INPUT_HEAD; i++)
        f->head[f->read + i] = bytes[i];
    f->read += count;
}

int64_t pixfer_input_file_read(struct input_file *f, uint8_t *to, size_t bytes)
{
    for (;;) {
        int error = f->regular ? 0 : wait_for_data(f);
        if (error)
            return -error;
        int64_t n = pixfer_file_read_next(f->fd, to, bytes);
        if (n > 0 && !f->regular)
            remember(f, to, n);
        if (n >= 0 || (n != -EINTR && n != -EAGAIN))
            return n;
    }
}

void pixfer_input_file_close(struct input_file *f)
{
    if (f->own_fd && f->fd >= 0)
        pixfer_file_close(f->fd);
    f->fd = -1;
}
#endif
