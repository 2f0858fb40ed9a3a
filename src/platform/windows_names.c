/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(PIXFER_WITH_EXPORTER) && defined(_WIN32)

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "platform.h"
#include "wide.h"

#if !defined(ERROR_DISK_QUOTA_EXCEEDED)
#define ERROR_DISK_QUOTA_EXCEEDED 1295
#endif

/* ---- Text and errors ------------------------------------------------------------------------------------------------------- */

wchar_t *pixfer_widen(const char *text)
{
    int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    wchar_t *wide = length > 0 ? malloc((size_t)length * sizeof(*wide)) : NULL;
    if (wide)
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, length);
    else
        errno = length > 0 ? ENOMEM : EILSEQ;
    return wide;
}

char *pixfer_narrow(const wchar_t *text)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *narrow = length > 0 ? malloc((size_t)length) : NULL;
    if (narrow)
        WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, length, NULL, NULL);
    else
        errno = length > 0 ? ENOMEM : EILSEQ;
    return narrow;
}

/* Names are at most 259 characters long (folders less), but in the form with a prefix, which has to be absolute. */
static wchar_t *without_limit(wchar_t *path)
{
    static const wchar_t prefix[] = L"\\\\?\\", share[] = L"\\\\?\\UNC\\";
    DWORD length = GetFullPathNameW(path, 0, NULL, NULL);
    wchar_t *full = length ? malloc((length + sizeof(share) / sizeof(*share)) * sizeof(*full)) : NULL;
    wchar_t *name = full ? full + sizeof(share) / sizeof(*share) : NULL; /* room for either in front */
    if (!full || !GetFullPathNameW(path, length, name, NULL)) {
        free(full);
        return path;
    }
    const bool is_share = name[0] == L'\\' && name[1] == L'\\';
    const wchar_t *in_front = is_share ? share : prefix;
    const size_t front = wcslen(in_front);
    wmemmove(full + front, is_share ? name + 2 : name, wcslen(name) + 1 - (is_share ? 2 : 0));
    wmemcpy(full, in_front, front);
    free(path);
    return full;
}

wchar_t *pixfer_widen_path(const char *path)
{
    enum { SAFE = 240 };
    wchar_t *wide = pixfer_widen(path);
    if (!wide || !wcsncmp(wide, L"\\\\?\\", 4) || !wcsncmp(wide, L"\\\\.\\", 4))
        return wide;
    /* The limit is that of the absolute name. */
    return GetFullPathNameW(wide, 0, NULL, NULL) >= SAFE ? without_limit(wide) : wide;
}

int pixfer_errno_of(DWORD error)
{
    static const struct {
        DWORD error;
        int number;
    } known[] = {{ERROR_FILE_NOT_FOUND, ENOENT},
                 {ERROR_PATH_NOT_FOUND, ENOENT},
                 {ERROR_BAD_PATHNAME, ENOENT},
                 {ERROR_BAD_NETPATH, ENOENT},
                 {ERROR_BAD_NET_NAME, ENOENT},
                 {ERROR_INVALID_DRIVE, ENOENT},
                 {ERROR_NOT_READY, ENOENT},
                 {ERROR_ACCESS_DENIED, EACCES},
                 {ERROR_PRIVILEGE_NOT_HELD, EACCES},
                 {ERROR_DELETE_PENDING, EACCES},
                 {ERROR_WRITE_PROTECT, EROFS},
                 {ERROR_SHARING_VIOLATION, PIXFER_EINUSE},
                 {ERROR_USER_MAPPED_FILE, PIXFER_EINUSE},
                 {ERROR_LOCK_VIOLATION, EBUSY},
                 {ERROR_FILE_EXISTS, EEXIST},
                 {ERROR_ALREADY_EXISTS, EEXIST},
                 {ERROR_DIRECTORY, ENOTDIR},
                 {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
                 {ERROR_INVALID_NAME, EINVAL},
                 {ERROR_INVALID_PARAMETER, EINVAL},
                 {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
                 {ERROR_BUFFER_OVERFLOW, ENAMETOOLONG},
                 {ERROR_DISK_FULL, ENOSPC},
                 {ERROR_HANDLE_DISK_FULL, ENOSPC},
                 {ERROR_DISK_QUOTA_EXCEEDED, EDQUOT},
                 {ERROR_NOT_ENOUGH_QUOTA, EDQUOT},
                 {ERROR_FILE_TOO_LARGE, EFBIG},
                 {ERROR_BROKEN_PIPE, EPIPE},
                 {ERROR_NO_DATA, EPIPE},
                 {ERROR_PIPE_NOT_CONNECTED, EPIPE},
                 {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
                 {ERROR_OUTOFMEMORY, ENOMEM},
                 {ERROR_NO_SYSTEM_RESOURCES, ENOMEM},
                 {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
                 {ERROR_INVALID_HANDLE, EBADF},
                 {ERROR_OPERATION_ABORTED, EINTR}};
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (known[i].error == error)
            return known[i].number;
    return EIO;
}

const char *pixfer_error_text(int error)
{
    return error == EDQUOT          ? "Disk quota exceeded"
           : error == PIXFER_EINUSE ? "another program has it open"
           : error == EBUSY         ? "Device or resource busy"
           : error == EFBIG         ? "File too large"
                                    : strerror(error);
}

/* ---- Names ----------------------------------------------------------------------------------------------------------------- */

bool pixfer_path_separates(char character)
{
    return character == '/' || character == '\\';
}

const char *pixfer_path_base(const char *path)
{
    const char *base = path[0] && path[1] == ':' ? path + 2 : path;
    for (const char *at = base; *at; at++)
        if (*at == '/' || *at == '\\')
            base = at + 1;
    return base;
}

char *pixfer_path_folder(const char *path)
{
    size_t length = (size_t)(pixfer_path_base(path) - path);
    char *folder = malloc(length + 2);
    if (!folder)
        return NULL;
    memcpy(folder, length ? path : ".", length ? length : 1);
    folder[length ? length : 1] = 0;
    return folder;
}

char *pixfer_path_from_root(const char *path)
{
    wchar_t *wide = pixfer_widen(path), *whole = wide ? _wfullpath(NULL, wide, 0) : NULL;
    char *narrow = whole ? pixfer_narrow(whole) : NULL;
    free(wide);
    free(whole);
    return narrow;
}

size_t pixfer_path_longest_name(const char *folder)
{
    (void)folder;
    return 255;
}

/* Behind a colon lies a stream of the file whose name is in front of it, where nobody would look for a film; and a question mark or a
 * star is a pattern. */
bool pixfer_is_file_name(const char *path)
{
    const char *at = !strncmp(path, "\\\\?\\", 4) || !strncmp(path, "\\\\.\\", 4) ? path + 4 : path;
    if (at[0] && at[1] == ':')
        at += 2;
    return !at[strcspn(at, ":*?\"<>|")];
}

#else
typedef int pixfer_windows_names_are_not_here; /* ISO C wants something in every file */
#endif
