/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#if defined(PIXFER_WITH_EXPORTER) && defined(_WIN32)

#if !defined(_WIN32_WINNT)
#define _WIN32_WINNT 0x0602
#endif
#define PSAPI_VERSION 2 /* GetProcessMemoryInfo is in kernel32 */
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "platform.h"
#include "process.h"
#include "wide.h"

#include <psapi.h>
#include <shellapi.h>

/* ---- Start ----------------------------------------------------------------------------------------------------------------- */

static UINT page_before;

static void restore_page(void)
{
    SetConsoleOutputCP(page_before);
}

/* The console shows what is written to it as UTF-8, for as long as this program runs. */
static void speak_utf8(void)
{
    if (!pixfer_file_is_terminal(PIXFER_STDOUT) && !pixfer_file_is_terminal(PIXFER_STDERR))
        return;
    page_before = GetConsoleOutputCP();
    if (page_before && page_before != CP_UTF8 && SetConsoleOutputCP(CP_UTF8))
        atexit(restore_page);
}

static bool read_arguments(int *argc, char ***argv)
{
    int count;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &count);
    char **narrow = wide ? calloc((size_t)count + 1, sizeof(*narrow)) : NULL;
    bool good = narrow;
    for (int i = 0; good && i < count; i++)
        good = (narrow[i] = pixfer_narrow(wide[i]));
    LocalFree(wide);
    if (!good)
        return false;
    *argc = count;
    *argv = narrow; /* until the process ends */
    return true;
}

/* What would ask about a bad argument to a C function, or show a window when the program fails, has nobody to ask here. */
static void stay_quiet(const wchar_t *expression, const wchar_t *function, const wchar_t *file, unsigned line, uintptr_t unused)
{
    (void)expression, (void)function, (void)file, (void)line, (void)unused;
}

bool pixfer_process_start(int *argc, char ***argv)
{
    static const int modes[] = {_O_WRONLY, _O_RDONLY, _O_RDONLY};
    _set_invalid_parameter_handler(stay_quiet);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    for (int fd = PIXFER_STDIN; fd <= PIXFER_STDERR; fd++) {
        if (_get_osfhandle(fd) < 0) {
            int other = _open("NUL", modes[fd] | _O_BINARY);
            if (other < 0 || (other != fd && (_dup2(other, fd) || _close(other))))
                return false;
        }
        _setmode(fd, _O_BINARY); /* else a byte 0x1A would end the input, and 0x0A be two bytes */
    }
    setvbuf(stderr, NULL, _IONBF, 0);
    speak_utf8();
    return read_arguments(argc, argv);
}

void pixfer_process_leave(int status)
{
    TerminateProcess(GetCurrentProcess(), (UINT)status);
    for (;;)
        Sleep(INFINITE);
}

/* ---- What asks it to end --------------------------------------------------------------------------------------------------- */

static HANDLE wake;
static void (*on_interrupt)(void);
static volatile LONG arrived_once;

int pixfer_interrupts_first(void)
{
    return arrived_once ? 2 : 0;
}

/* In a thread of its own. When a window is closed or a session ends, the process is ended as this returns, or after some seconds: until
 * then the work may be finished. */
static BOOL WINAPI interrupted_by(DWORD event)
{
    arrived_once = 1;
    on_interrupt();
    ReleaseSemaphore(wake, 1, NULL);
    if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT)
        Sleep(INFINITE);
    return TRUE;
}

bool pixfer_interrupts_catch(void (*arrived)(void))
{
    on_interrupt = arrived;
    wake = CreateSemaphoreW(NULL, 0, 1 << 20, NULL);
    if (wake && SetConsoleCtrlHandler(interrupted_by, TRUE))
        return true;
    errno = pixfer_errno_of(GetLastError());
    return false;
}

bool pixfer_interrupts_wait(void)
{
    return WaitForSingleObject(wake, INFINITE) == WAIT_OBJECT_0;
}

static void (*before_end)(void);

static BOOL WINAPI end_by(DWORD event)
{
    (void)event;
    before_end();
    pixfer_process_leave(130);
}

void pixfer_interrupts_end_process(void (*before)(void))
{
    before_end = before;
    SetConsoleCtrlHandler(end_by, TRUE);
}

/* A write to such a pipe fails, and that is all. */
void pixfer_interrupts_default_for_pipes(void)
{
}

/* ---- The terminal ---------------------------------------------------------------------------------------------------------- */

/* Not in any header of old: the console obeys escape sequences. */
#if !defined(ENABLE_VIRTUAL_TERMINAL_PROCESSING)
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 4
#endif

bool pixfer_terminal_draws(void)
{
    HANDLE console = GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode;
    return GetConsoleMode(console, &mode) && SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

unsigned pixfer_terminal_columns(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    return GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info)
               ? (unsigned)(info.srWindow.Right - info.srWindow.Left + 1)
               : 0;
}

/* ---- Other programs -------------------------------------------------------------------------------------------------------- */

char *pixfer_process_file(const char *argv0)
{
    (void)argv0;
    for (DWORD size = MAX_PATH; size <= 1 << 16; size *= 2) {
        wchar_t *wide = malloc(size * sizeof(*wide));
        DWORD length = wide ? GetModuleFileNameW(NULL, wide, size) : 0;
        char *file = length && length < size ? pixfer_narrow(wide) : NULL;
        free(wide);
        if (file || !length)
            return file;
    }
    return NULL;
}

/* An argument as CommandLineToArgvW reads it: backslashes count only in front of a quotation mark. */
static char *quote(char *to, const char *argument)
{
    *to++ = '"';
    for (;; argument++) {
        size_t slashes = strspn(argument, "\\");
        argument += slashes;
        size_t written = !*argument ? 2 * slashes : *argument == '"' ? 2 * slashes + 1 : slashes;
        memset(to, '\\', written);
        to += written;
        if (!*argument)
            break;
        *to++ = *argument;
    }
    *to++ = '"';
    return to;
}

static wchar_t *command_line(char *const argv[])
{
    size_t size = 1;
    for (size_t i = 0; argv[i]; i++)
        size += 2 * strlen(argv[i]) + 4;
    char *text = malloc(size), *to = text;
    if (!text)
        return NULL;
    for (size_t i = 0; argv[i]; i++) {
        if (i)
            *to++ = ' ';
        to = quote(to, argv[i]);
    }
    *to = 0;
    wchar_t *wide = pixfer_widen(text);
    free(text);
    return wide;
}

/* Both this process and the other get the events of the console: the other one decides what becomes of them. */
static BOOL WINAPI leave_it_to_the_other(DWORD event)
{
    (void)event;
    return TRUE;
}

int pixfer_process_become(const char *file, char **argv)
{
    STARTUPINFOW start = {.cb = sizeof(start)};
    PROCESS_INFORMATION process;
    DWORD status = 1;
    size_t length = strlen(file);
    char *program = malloc(length + 5);
    if (!program)
        return ENOMEM;
    snprintf(program, length + 5, "%s%s", file, length > 4 && !_stricmp(file + length - 4, ".exe") ? "" : ".exe");
    wchar_t *wide = pixfer_widen_path(program), *line = command_line(argv);
    free(program);
    int error = !wide || !line ? errno : 0;
    if (!error) {
        SetConsoleCtrlHandler(leave_it_to_the_other, TRUE);
        if (!CreateProcessW(wide, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
            error = pixfer_errno_of(GetLastError());
    }
    free(wide);
    free(line);
    if (error) {
        SetConsoleCtrlHandler(leave_it_to_the_other, FALSE);
        return error;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    fflush(NULL);
    pixfer_process_leave((int)status);
}

void *pixfer_library_own_symbol(const char *path, const char *symbol, char *why, size_t size)
{
    wchar_t *wide = pixfer_widen(path);
    HMODULE library = wide ? LoadLibraryExW(wide, NULL, 0) : NULL;
    FARPROC function = library ? GetProcAddress(library, symbol) : NULL;
    void *found = NULL;
    memcpy(&found, &function, sizeof(found));
    if (!library)
        snprintf(why, size, "%s: %s", path, pixfer_error_text(pixfer_errno_of(GetLastError())));
    else if (!found)
        snprintf(why, size, "%s exports no %s", path, symbol);
    free(wide);
    return found;
}

static volatile LONG interrupted;

static BOOL WINAPI remember(DWORD event)
{
    (void)event;
    InterlockedExchange(&interrupted, 1);
    return TRUE;
}

void pixfer_process_watch(void)
{
    SetConsoleCtrlHandler(remember, TRUE);
}

bool pixfer_process_interrupted(void)
{
    return interrupted;
}

static double seconds(const FILETIME *t)
{
    return (double)((uint64_t)t->dwHighDateTime << 32 | t->dwLowDateTime) * 1e-7;
}

static void collect(struct process_result *result, HANDLE process, double start)
{
    FILETIME created, ended, kernel, user;
    PROCESS_MEMORY_COUNTERS memory = {.cb = sizeof(memory)};
    DWORD status = 1;
    WaitForSingleObject(process, INFINITE);
    result->wall_s = pixfer_now() - start;
    GetExitCodeProcess(process, &status);
    result->status = (int)status;
    if (GetProcessTimes(process, &created, &ended, &kernel, &user))
        result->cpu_s = seconds(&kernel) + seconds(&user);
    if (GetProcessMemoryInfo(process, &memory, sizeof(memory)))
        result->peak_rss_bytes = memory.PeakWorkingSetSize;
}

static HANDLE open_stream(const char *path, DWORD access)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof(inherited), .bInheritHandle = TRUE};
    wchar_t *wide = pixfer_widen_path(path);
    HANDLE handle = wide ? CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited,
                                       access == GENERIC_READ ? OPEN_EXISTING : CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL)
                         : INVALID_HANDLE_VALUE;
    free(wide);
    return handle;
}

bool pixfer_process_run(struct process_result *result, const char *folder, const char *printed, char *const argv[])
{
    STARTUPINFOW start = {.cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    double began = pixfer_now();
    memset(result, 0, sizeof(*result));
    wchar_t *line = command_line(argv), *where = folder ? pixfer_widen(folder) : NULL;
    start.hStdInput = open_stream("NUL", GENERIC_READ);
    start.hStdOutput = open_stream(printed ? printed : "NUL", GENERIC_WRITE);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    bool good = line && (!folder || where) && CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, where, &start, &process);
    if (!good)
        result->status = pixfer_errno_of(GetLastError()) == ENOENT ? 127 : 126;
    if (start.hStdInput != INVALID_HANDLE_VALUE)
        CloseHandle(start.hStdInput);
    if (start.hStdOutput != INVALID_HANDLE_VALUE)
        CloseHandle(start.hStdOutput);
    free(line);
    free(where);
    if (!good)
        return false;
    collect(result, process.hProcess, began);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return !result->status;
}

/* There is no fork: the work is done right here. Its peak of memory cannot be told from that of what was before it. */
bool pixfer_process_call(struct process_result *result, int (*work)(void *opaque, void *answer), void *opaque, void *answer,
                         size_t answer_size)
{
    double start = pixfer_now(), cpu = pixfer_cpu_time();
    (void)answer_size;
    memset(result, 0, sizeof(*result));
    result->status = work(opaque, answer);
    result->wall_s = pixfer_now() - start;
    result->cpu_s = pixfer_cpu_time() - cpu;
    return true;
}

/* ---- The machine ----------------------------------------------------------------------------------------------------------- */

void pixfer_system_name(char *text, size_t size)
{
    /* What the documented call says depends on what the program says that it knows. */
    LONG(WINAPI * version)(OSVERSIONINFOW *) = NULL;
    OSVERSIONINFOW info = {.dwOSVersionInfoSize = sizeof(info)};
    HMODULE library = GetModuleHandleW(L"ntdll.dll");
    FARPROC found = library ? GetProcAddress(library, "RtlGetVersion") : NULL;
    memcpy(&version, &found, sizeof(version));
    if (version && !version(&info))
        snprintf(text, size, "Windows %lu.%lu.%lu x86_64", info.dwMajorVersion, info.dwMinorVersion, info.dwBuildNumber);
    else
        snprintf(text, size, "Windows x86_64");
}

double pixfer_system_load(void)
{
    return -1;
}

uint64_t pixfer_folder_free(const char *folder)
{
    ULARGE_INTEGER there;
    wchar_t *wide = pixfer_widen_path(folder);
    BOOL good = wide && GetDiskFreeSpaceExW(wide, &there, NULL, NULL);
    free(wide);
    return good ? there.QuadPart : UINT64_MAX;
}

char *pixfer_path_absolute(const char *path)
{
    wchar_t *wide = pixfer_widen(path), *full = NULL;
    DWORD length = wide ? GetFullPathNameW(wide, 0, NULL, NULL) : 0;
    char *name = NULL;
    if (length && (full = malloc(length * sizeof(*full))) && GetFullPathNameW(wide, length, full, NULL))
        name = pixfer_narrow(full);
    else
        errno = wide ? pixfer_errno_of(GetLastError()) : errno;
    free(wide);
    free(full);
    return name;
}

#else
typedef int pixfer_windows_process_is_not_here; /* ISO C wants something in every file */
#endif
