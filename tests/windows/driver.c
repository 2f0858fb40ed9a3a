/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* driver WHAT PROGRAM ARGUMENT...: starts a program as Windows starts one, feeds it frames of 256x128 RGBA in a pipe, of bytes that end a
 * text file there (0x1A) and that are line ends, and then does to it what is asked:
 *   end        the pipe is closed after 40 frames
 *   interrupt  an event of the console, once 40 frames are through and OUT.part holds some of them
 *   kill       TerminateProcess then
 *   closed     what it prints has no reader
 * Prints the exit status in decimal. Not Windows: it does nothing. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#include <wchar.h>
#include <windows.h>

enum { FRAME = 256 * 128 * 4, FRAMES = 40 };

static int fail(const char *what)
{
    fprintf(stderr, "driver: %s: error %lu\n", what, GetLastError());
    return 99;
}

/* The command line from the third word on, as it came. */
static wchar_t *rest_of_line(void)
{
    wchar_t *at = GetCommandLineW();
    for (int word = 0; word < 2; word++) {
        int quoted = 0;
        while (*at && (quoted || (*at != L' ' && *at != L'\t'))) {
            quoted ^= *at == L'"';
            at++;
        }
        while (*at == L' ' || *at == L'\t')
            at++;
    }
    return at;
}

static void fill(unsigned char *frame, unsigned number)
{
    static const unsigned char tricky[] = {0x1a, 0x0a, 0x0d, 0x0a, 0x00, 0xff, 0x1a, 0x04};
    for (size_t i = 0; i < FRAME; i++)
        frame[i] = i % 97 < 60 ? tricky[(i + number) % sizeof(tricky)] : (unsigned char)(i * (number + 3) >> 5);
}

static int feed(HANDLE pipe, unsigned frames)
{
    static unsigned char frame[FRAME];
    for (unsigned i = 0; i < frames; i++) {
        fill(frame, i);
        for (DWORD done = 0, n; done < FRAME; done += n)
            if (!WriteFile(pipe, frame + done, FRAME - done, &n, NULL))
                return 0;
    }
    return 1;
}

static BOOL WINAPI ignore(DWORD event)
{
    return event == CTRL_C_EVENT;
}

int main(int argc, char **argv)
{
    STARTUPINFOW start = {.cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES};
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof(inherited), .bInheritHandle = TRUE};
    PROCESS_INFORMATION process;
    const HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE), err = GetStdHandle(STD_ERROR_HANDLE); /* a new console changes them */
    HANDLE in_read, in_write, out_read = NULL, out_write = NULL;
    DWORD status = 98;
    if (argc < 3)
        return fail("usage");
    const int interrupt = !strcmp(argv[1], "interrupt"), kill = !strcmp(argv[1], "kill"), closed = !strcmp(argv[1], "closed");
    if (interrupt) { /* without a console there are no events */
        FreeConsole();
        AllocConsole();
        SetConsoleCtrlHandler(ignore, TRUE);
    }
    if (!CreatePipe(&in_read, &in_write, &inherited, 1 << 20) || !SetHandleInformation(in_write, HANDLE_FLAG_INHERIT, 0))
        return fail("pipe");
    if (closed && (!CreatePipe(&out_read, &out_write, &inherited, 4096) || !CloseHandle(out_read)))
        return fail("pipe");
    start.hStdInput = in_read;
    start.hStdOutput = closed ? out_write : out;
    start.hStdError = err;
    if (!CreateProcessW(NULL, _wcsdup(rest_of_line()), NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
        return fail("start");
    CloseHandle(in_read);
    if (out_write)
        CloseHandle(out_write);
    int fed = feed(in_write, FRAMES);
    if (!fed && !closed)
        return fail("feeding");
    if (interrupt || kill)
        Sleep(2500); /* a second of the stream, and a fragment of it on the disk */
    if (interrupt && !GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0))
        return fail("event");
    if (kill && !TerminateProcess(process.hProcess, 137))
        return fail("kill");
    if (interrupt)
        feed(in_write, 1); /* it is waiting for a frame, or has gone */
    if (!interrupt)
        CloseHandle(in_write);
    if (WaitForSingleObject(process.hProcess, 60000) != WAIT_OBJECT_0) {
        TerminateProcess(process.hProcess, 97);
        return fail("it does not end");
    }
    GetExitCodeProcess(process.hProcess, &status);
    printf("%lu\n", status);
    return 0;
}
#else
int main(void)
{
    return 77;
}
#endif
