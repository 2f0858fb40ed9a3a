/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(PIXFER_WITH_EXPORTER) && defined(_WIN32)

#if !defined(_WIN32_WINNT)
#define _WIN32_WINNT 0x0602 /* FileIdInfo */
#endif
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "platform.h"
#include "wide.h"

/* Every file is opened so that others may read, rename and delete it meanwhile, as elsewhere: a player shows OUT.part while it grows, and
 * OUT takes its name while it is still open. */
enum { SHARE = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

static int last_error(void)
{
    return pixfer_errno_of(GetLastError());
}

/* ---- Looking --------------------------------------------------------------------------------------------------------------- */

static HANDLE open_handle(const char *path, DWORD access, DWORD how, DWORD flags)
{
    wchar_t *wide = pixfer_widen_path(path);
    if (!wide) {
        SetLastError(errno == ENOMEM ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_NAME);
        return INVALID_HANDLE_VALUE;
    }
    HANDLE handle = CreateFileW(wide, access, SHARE, NULL, how, flags, NULL);
    DWORD error = GetLastError();
    free(wide);
    SetLastError(error);
    return handle;
}

/* Also a folder's; nothing is read. */
static HANDLE look_at(const char *path)
{
    return open_handle(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
}

static HANDLE handle_of(int fd)
{
    return (HANDLE)_get_osfhandle(fd);
}

static bool state_of(HANDLE handle, struct file_state *state)
{
    BY_HANDLE_FILE_INFORMATION info;
    *state = (struct file_state){.kind = FILE_OTHER};
    if (handle == INVALID_HANDLE_VALUE)
        return false;
    if (GetFileType(handle) != FILE_TYPE_DISK)
        return GetFileType(handle) != FILE_TYPE_UNKNOWN || GetLastError() == NO_ERROR;
    if (!GetFileInformationByHandle(handle, &info)) {
        LARGE_INTEGER size; /* nothing but its bytes may be known of a file that was inherited */
        if (!GetFileSizeEx(handle, &size))
            return false;
        *state = (struct file_state){.kind = FILE_REGULAR, .size = size.QuadPart};
        return true;
    }
    state->kind = info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? FILE_FOLDER : FILE_REGULAR;
    state->size = (int64_t)((uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow);
    const uint64_t time = (uint64_t)info.ftLastWriteTime.dwHighDateTime << 32 | info.ftLastWriteTime.dwLowDateTime;
    state->changed = ((int64_t)time - INT64_C(116444736000000000)) * 100; /* it counts 100 ns since 1601 */
    return true;
}

int pixfer_file_state(const char *path, struct file_state *state)
{
    HANDLE handle = look_at(path);
    int error = handle == INVALID_HANDLE_VALUE ? last_error() : 0;
    if (!error && !state_of(handle, state))
        error = last_error();
    if (handle != INVALID_HANDLE_VALUE)
        CloseHandle(handle);
    return error;
}

int pixfer_file_state_of(int fd, struct file_state *state)
{
    return state_of(handle_of(fd), state) ? 0 : EBADF;
}

int64_t pixfer_file_size(int fd)
{
    struct file_state state;
    return pixfer_file_state_of(fd, &state) ? 0 : state.size;
}

static bool is_link(const char *path)
{
    WIN32_FIND_DATAW found;
    wchar_t *wide = pixfer_widen_path(path);
    HANDLE search = wide ? FindFirstFileW(wide, &found) : INVALID_HANDLE_VALUE;
    free(wide);
    if (search == INVALID_HANDLE_VALUE)
        return false;
    FindClose(search);
    return found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT && found.dwReserved0 == IO_REPARSE_TAG_SYMLINK;
}

enum file_kind pixfer_file_kind(const char *path)
{
    struct file_state state;
    const bool link = pixfer_is_file_name(path) && is_link(path);
    if (pixfer_file_state(path, &state))
        return link ? FILE_LINK : FILE_FREE;
    return link && state.kind == FILE_REGULAR ? FILE_LINK : state.kind;
}

bool pixfer_file_exists(const char *path)
{
    return pixfer_file_kind(path) != FILE_FREE;
}

bool pixfer_file_is_terminal(int fd)
{
    DWORD mode;
    return GetConsoleMode(handle_of(fd), &mode);
}

static int check_access(const char *path, DWORD access)
{
    HANDLE handle = open_handle(path, access, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    if (handle == INVALID_HANDLE_VALUE)
        return last_error();
    CloseHandle(handle);
    return 0;
}

int pixfer_file_check_readable(const char *path)
{
    return check_access(path, GENERIC_READ);
}

int pixfer_file_check_writable(const char *path)
{
    return check_access(path, GENERIC_WRITE);
}

int pixfer_file_check_folder(const char *path, size_t longer)
{
    struct file_state state;
    const char *base = pixfer_path_base(path);
    wchar_t *wide = pixfer_widen(base);
    char *folder = pixfer_path_folder(path);
    int error = !folder || !wide ? errno : pixfer_file_state(folder, &state);
    if (!error && state.kind != FILE_FOLDER)
        error = ENOTDIR;
    if (!error && !pixfer_is_file_name(path))
        error = EINVAL;
    if (!error && wcslen(wide) + longer > pixfer_path_longest_name(folder))
        error = ENAMETOOLONG;
    free(folder);
    free(wide);
    return error;
}

/* ---- Which file it is ------------------------------------------------------------------------------------------------------ */

struct identity {
    uint64_t volume;
    uint8_t file[16];
};

static bool identify(HANDLE handle, struct identity *id)
{
    FILE_ID_INFO wide;
    BY_HANDLE_FILE_INFORMATION info;
    memset(id, 0, sizeof(*id));
    if (handle == INVALID_HANDLE_VALUE || GetFileType(handle) != FILE_TYPE_DISK || !GetFileInformationByHandle(handle, &info))
        return false;
    if (GetFileInformationByHandleEx(handle, FileIdInfo, &wide, sizeof(wide))) {
        id->volume = wide.VolumeSerialNumber;
        memcpy(id->file, &wide.FileId, sizeof(id->file));
        return true;
    }
    /* A file system that has no numbers for its files says 0: that is no identity. */
    id->volume = info.dwVolumeSerialNumber;
    memcpy(id->file, &info.nFileIndexLow, 4);
    memcpy(id->file + 4, &info.nFileIndexHigh, 4);
    return info.nFileIndexLow || info.nFileIndexHigh;
}

static bool same(const struct identity *a, const struct identity *b)
{
    return a->volume == b->volume && !memcmp(a->file, b->file, sizeof(a->file));
}

static bool identify_name(const char *name, struct identity *id)
{
    if (!strcmp(name, "-"))
        return identify(handle_of(PIXFER_STDIN), id);
    HANDLE handle = look_at(name);
    bool good = identify(handle, id);
    if (handle != INVALID_HANDLE_VALUE)
        CloseHandle(handle);
    return good;
}

bool pixfer_file_is(const char *name, int fd)
{
    struct identity a, b;
    return identify_name(name, &a) && identify(handle_of(fd), &b) && same(&a, &b);
}

bool pixfer_file_same(const char *name, const char *other)
{
    struct identity a, b;
    return identify_name(name, &a) && strcmp(other, "-") && identify_name(other, &b) && same(&a, &b);
}

void pixfer_folder_list(const char *folder, void (*each)(void *opaque, const char *name), void *opaque)
{
    WIN32_FIND_DATAW found;
    size_t length = strlen(folder);
    char *pattern = malloc(length + 3);
    if (!pattern)
        return;
    memcpy(pattern, folder, length);
    strcpy(pattern + length, "/*");
    wchar_t *wide = pixfer_widen_path(pattern);
    HANDLE search = wide ? FindFirstFileW(wide, &found) : INVALID_HANDLE_VALUE;
    free(wide);
    free(pattern);
    if (search == INVALID_HANDLE_VALUE)
        return;
    do {
        char *name = pixfer_narrow(found.cFileName);
        if (name)
            each(opaque, name);
        free(name);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

/* ---- Opening --------------------------------------------------------------------------------------------------------------- */

static int take_handle(HANDLE handle, int flags, int *out)
{
    *out = -1;
    if (handle == INVALID_HANDLE_VALUE)
        return last_error();
    *out = _open_osfhandle((intptr_t)handle, flags | _O_BINARY | _O_NOINHERIT);
    if (*out >= 0)
        return 0;
    CloseHandle(handle);
    return EMFILE;
}

int pixfer_file_open_to_read(const char *path, bool wait, int *out)
{
    (void)wait;
    return take_handle(open_handle(path, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_SEQUENTIAL_SCAN),
                       _O_RDONLY, out);
}

int pixfer_file_open_to_write(const char *path, int *out)
{
    return take_handle(open_handle(path, GENERIC_WRITE, OPEN_EXISTING, 0), _O_WRONLY, out);
}

/* "NUL.mp4" is a device on some versions of Windows. */
static int refuse_devices(int error, int *fd)
{
    if (error || GetFileType(handle_of(*fd)) == FILE_TYPE_DISK)
        return error;
    pixfer_file_close(*fd);
    *fd = -1;
    return EEXIST;
}

int pixfer_file_create(const char *path, int *out)
{
    if (!pixfer_is_file_name(path))
        return EINVAL;
    return refuse_devices(take_handle(open_handle(path, GENERIC_READ | GENERIC_WRITE, CREATE_NEW, FILE_ATTRIBUTE_NORMAL), 0, out),
                          out);
}

int pixfer_file_open_or_create(const char *path, int *out, bool *created)
{
    int error = pixfer_file_create(path, out);
    *created = !error;
    if (error != EEXIST)
        return error;
    enum file_kind kind = pixfer_file_kind(path);
    if (kind != FILE_REGULAR && kind != FILE_FREE)
        return EEXIST;
    return refuse_devices(
        take_handle(open_handle(path, GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT), 0, out), out);
}

/* Locks hold others off what is locked: one byte that no file has, so that players may read. */
int pixfer_file_lock(int fd)
{
    OVERLAPPED place = {.Offset = 0xfffffffe, .OffsetHigh = 0x7fffffff};
    return !LockFileEx(handle_of(fd), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place) &&
                   (GetLastError() == ERROR_LOCK_VIOLATION || GetLastError() == ERROR_IO_PENDING)
               ? EBUSY
               : 0;
}

int pixfer_file_lock_surely(int fd)
{
    return pixfer_file_lock(fd);
}

/* A new file has the permissions that its folder gives to all in it. */
void pixfer_file_take_mode(int fd, const char *model)
{
    (void)fd, (void)model;
}

int pixfer_file_close(int fd)
{
    return fd >= 0 && _close(fd) ? errno : 0;
}

FILE *pixfer_file_stream(const char *path, const char *mode)
{
    wchar_t *wide = pixfer_widen_path(path), how[8];
    size_t length = strlen(mode);
    FILE *file = NULL;
    for (size_t i = 0; i <= length && i < 6; i++)
        how[i] = (wchar_t)mode[i];
    if (!strchr(mode, 'b'))
        wcscpy(how + length, L"b");
    if (wide)
        file = _wfopen(wide, how);
    free(wide);
    return file;
}

/* ---- Bytes ----------------------------------------------------------------------------------------------------------------- */

enum { MOST_AT_ONCE = 1 << 26 };

static DWORD part_of(size_t size)
{
    return (DWORD)(size < MOST_AT_ONCE ? size : MOST_AT_ONCE);
}

static OVERLAPPED place_of(int64_t at)
{
    return (OVERLAPPED){.Offset = (DWORD)((uint64_t)at & 0xffffffff), .OffsetHigh = (DWORD)((uint64_t)at >> 32)};
}

int pixfer_file_write(int fd, int64_t at, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        DWORD n = 0;
        OVERLAPPED place = place_of(at + (int64_t)done);
        if (!WriteFile(handle_of(fd), (const char *)bytes + done, part_of(size - done), &n, &place))
            return last_error();
        if (!n)
            return ENOSPC;
        done += n;
    }
    return 0;
}

int pixfer_file_write_next(int fd, const void *bytes, size_t size, bool signals)
{
    (void)signals;
    for (size_t done = 0; done < size;) {
        DWORD n = 0;
        if (!WriteFile(handle_of(fd), (const char *)bytes + done, part_of(size - done), &n, NULL))
            return last_error();
        if (!n)
            pixfer_sleep(0.001); /* a pipe that does not wait and is full */
        done += n;
    }
    return 0;
}

int64_t pixfer_file_read_next(int fd, void *bytes, size_t size)
{
    DWORD n = 0;
    if (ReadFile(handle_of(fd), bytes, part_of(size), &n, NULL))
        return n;
    int error = last_error();
    return error == EPIPE || GetLastError() == ERROR_HANDLE_EOF ? 0 : -error;
}

/* A read at a place moves the place of the next read, too, and is not to. */
int64_t pixfer_file_read(int fd, int64_t at, void *bytes, size_t size)
{
    DWORD n = 0;
    OVERLAPPED place = place_of(at);
    int64_t before = pixfer_file_seek(fd, 0, SEEK_CUR);
    BOOL good = ReadFile(handle_of(fd), bytes, part_of(size), &n, &place);
    int error = good || GetLastError() == ERROR_HANDLE_EOF ? 0 : last_error();
    if (before >= 0)
        pixfer_file_seek(fd, before, SEEK_SET);
    return error ? -error : n;
}

int64_t pixfer_file_seek(int fd, int64_t offset, int whence)
{
    LARGE_INTEGER to = {.QuadPart = offset}, at;
    if (GetFileType(handle_of(fd)) != FILE_TYPE_DISK) /* it "succeeds" on a pipe */
        return -ESPIPE;
    if (!SetFilePointerEx(handle_of(fd), to, &at, whence == SEEK_SET ? FILE_BEGIN : whence == SEEK_CUR ? FILE_CURRENT : FILE_END))
        return -last_error();
    return at.QuadPart;
}

/* Pipes cannot be waited for with a limit. Whoever writes one is seldom long in doing so: it is asked again at once for a millisecond,
 * and then every millisecond. */
static int wait_for_pipe(HANDLE pipe, int milliseconds)
{
    double start = pixfer_now(), now = start;
    do {
        DWORD there = 0;
        if (!PeekNamedPipe(pipe, NULL, 0, NULL, &there, NULL))
            return 1; /* at its end: reading says so */
        if (there)
            return 1;
        if (now - start < 0.001)
            SwitchToThread();
        else
            pixfer_sleep(0.001);
        now = pixfer_now();
    } while (now - start < milliseconds * 1e-3);
    return 0;
}

int pixfer_file_wait(int fd, bool to_write, int milliseconds)
{
    HANDLE handle = handle_of(fd);
    DWORD mode;
    if (handle == INVALID_HANDLE_VALUE)
        return -EBADF;
    if (!to_write && GetFileType(handle) == FILE_TYPE_PIPE)
        return wait_for_pipe(handle, milliseconds);
    if (!to_write && GetConsoleMode(handle, &mode))
        return WaitForSingleObject(handle, (DWORD)milliseconds) == WAIT_OBJECT_0;
    return 1;
}

/* The size of a pipe is chosen by whoever makes it. */
void pixfer_file_widen_pipe(int fd)
{
    (void)fd;
}

int pixfer_file_truncate(int fd, int64_t size)
{
    FILE_END_OF_FILE_INFO end = {.EndOfFile = {.QuadPart = size}};
    return SetFileInformationByHandle(handle_of(fd), FileEndOfFileInfo, &end, sizeof(end)) ? 0 : last_error();
}

int pixfer_file_sync(int fd)
{
    return FlushFileBuffers(handle_of(fd)) || GetLastError() == ERROR_INVALID_FUNCTION ? 0 : last_error();
}

/* Memory in which nothing is written to the disk as long as there is room for it elsewhere. */
bool pixfer_text_open(struct text_stream *stream)
{
    wchar_t folder[MAX_PATH + 2], name[MAX_PATH + 1];
    if (!GetTempPathW(MAX_PATH + 1, folder) || !GetTempFileNameW(folder, L"pix", 0, name))
        return false;
    stream->out = _wfopen(name, L"w+bTD");
    return stream->out;
}

char *pixfer_text_close(struct text_stream *stream)
{
    long size = ftell(stream->out);
    char *text = size >= 0 && !ferror(stream->out) ? malloc((size_t)size + 1) : NULL;
    rewind(stream->out);
    if (text && fread(text, 1, (size_t)size, stream->out) != (size_t)size) {
        free(text);
        text = NULL;
    }
    if (text)
        text[size] = 0;
    fclose(stream->out);
    return text;
}

/* ---- Names that change ----------------------------------------------------------------------------------------------------- */

void pixfer_file_remove(const char *path, int fd)
{
    if (pixfer_file_is(path, fd))
        pixfer_file_unlink(path);
}

int pixfer_file_unlink(const char *path)
{
    wchar_t *wide = pixfer_widen_path(path);
    int error = !wide ? errno : DeleteFileW(wide) ? 0 : last_error();
    free(wide);
    return error;
}

int pixfer_file_rename(const char *from, const char *to, bool replace)
{
    wchar_t *wide_from = pixfer_widen_path(from), *wide_to = pixfer_widen_path(to);
    int error = !wide_from || !wide_to ? errno : 0;
    if (!error && !MoveFileExW(wide_from, wide_to, MOVEFILE_WRITE_THROUGH | (replace ? MOVEFILE_REPLACE_EXISTING : 0u)))
        error = last_error();
    free(wide_from);
    free(wide_to);
    return error;
}

static char *temporary_folder(void)
{
    wchar_t wide[MAX_PATH + 2];
    DWORD length = GetTempPathW(MAX_PATH + 1, wide);
    if (!length || length > MAX_PATH)
        return NULL;
    if (length > 3) /* not of "C:\" */
        wide[length - 1] = 0;
    return pixfer_narrow(wide);
}

char *pixfer_folder_create(const char *parent, const char *prefix)
{
    char *temporary = parent ? NULL : temporary_folder();
    if (!parent)
        parent = temporary ? temporary : ".";
    size_t size = strlen(parent) + strlen(prefix) + 24;
    char *name = malloc(size);
    bool made = false;
    for (unsigned attempt = 0; name && !made && attempt < 100; attempt++) {
        LARGE_INTEGER count;
        QueryPerformanceCounter(&count);
        snprintf(name, size, "%s\\%s-%08lx%04x", parent, prefix, (unsigned long)count.LowPart * 2654435761ul & 0xffffffff,
                 (unsigned)GetCurrentProcessId() & 0xffff);
        wchar_t *wide = pixfer_widen_path(name);
        made = wide && CreateDirectoryW(wide, NULL);
        errno = made ? 0 : wide ? last_error() : errno;
        free(wide);
        if (!made && errno != EEXIST)
            break;
    }
    free(temporary);
    if (made)
        return name;
    free(name);
    return NULL;
}

int pixfer_folder_make(const char *path)
{
    struct file_state state;
    wchar_t *wide = pixfer_widen_path(path);
    int error = !wide ? errno : CreateDirectoryW(wide, NULL) ? 0 : last_error();
    free(wide);
    return error && !pixfer_file_state(path, &state) && state.kind == FILE_FOLDER ? 0 : error;
}

int pixfer_folder_remove(const char *path)
{
    wchar_t *wide = pixfer_widen_path(path);
    int error = !wide ? errno : RemoveDirectoryW(wide) ? 0 : last_error();
    free(wide);
    return error;
}

int64_t pixfer_process(void)
{
    return GetCurrentProcessId();
}

#else
typedef int pixfer_windows_files_are_not_here; /* ISO C wants something in every file */
#endif
