/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input_file.h"

int pixfer_input_file_open(struct input_file *f, const char *name, int fd, const struct source_host *host)
{
    struct stat st;
    *f = (struct input_file){.fd = fd, .own_fd = fd < 0, .host = host};
    if (fd < 0)
        f->fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a FIFO does not wait for its writer here */
    int error = f->fd < 0 || fstat(f->fd, &st) ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    if (error) {
        pixfer_input_file_close(f);
        return error;
    }
    f->regular = S_ISREG(st.st_mode);
    if (f->regular) {
        off_t start = lseek(f->fd, 0, SEEK_CUR);
        f->start = start > 0 ? start : 0;
        f->size = st.st_size > f->start ? st.st_size - f->start : 0;
    }
#ifdef F_SETPIPE_SZ
    else
        fcntl(f->fd, F_SETPIPE_SZ, 1 << 20); /* fewer switches between the renderer and this */
#endif
    return 0;
}

/* A pipe may stay silent for long: look up now and then. */
static int wait_for_data(struct input_file *f)
{
    struct pollfd poll_fd = {.fd = f->fd, .events = POLLIN};
    for (;;) {
        int ready = poll(&poll_fd, 1, 100);
        if (ready < 0 && errno != EINTR)
            return errno;
        if (ready > 0)
            return 0;
        if (!pixfer_host_proceeds(f->host))
            return ECANCELED;
    }
}

/* What has gone by cannot be read again. */
static void remember(struct input_file *f, const uint8_t *bytes, ssize_t count)
{
    for (ssize_t i = 0; i < count && f->read + i < INPUT_HEAD; i++)
        f->head[f->read + i] = bytes[i];
    f->read += count;
}

ssize_t pixfer_input_file_read(struct input_file *f, uint8_t *to, size_t bytes)
{
    for (;;) {
        int error = f->regular ? 0 : wait_for_data(f);
        if (error)
            return -error;
        ssize_t n = read(f->fd, to, bytes);
        if (n > 0 && !f->regular)
            remember(f, to, n);
        if (n >= 0)
            return n;
        if (errno != EINTR && errno != EAGAIN)
            return -errno;
    }
}

void pixfer_input_file_close(struct input_file *f)
{
    if (f->own_fd && f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}
#endif
