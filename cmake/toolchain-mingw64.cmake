# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Windows programs by clang, with the headers and libraries of mingw-w64. clang, not gcc: gcc aligns the stack to 16 bytes there, but
# stores vectors of 32 and 64 bytes as if it did more.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(host x86_64-w64-mingw32)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET ${host})
set(CMAKE_RC_COMPILER ${host}-windres)
set(CMAKE_AR ${host}-ar)
set(CMAKE_RANLIB ${host}-ranlib)
file(GLOB gcc_folders /usr/lib/gcc/${host}/*-win32)
list(GET gcc_folders -1 gcc_folder)
# libgcc and the start files are gcc's.
set(CMAKE_C_FLAGS_INIT "-B${gcc_folder}")
foreach(kind EXE SHARED MODULE)
    set(CMAKE_${kind}_LINKER_FLAGS_INIT "-L${gcc_folder} -static")
endforeach()
set(CMAKE_FIND_ROOT_PATH /usr/${host})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY BOTH) # pkg-config names folders outside, too
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
