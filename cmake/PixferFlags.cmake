# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# How everything is compiled. A parent project keeps its build type and its flags.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES C)

set(gnu_like OFF)
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang" AND NOT CMAKE_C_COMPILER_FRONTEND_VARIANT STREQUAL "MSVC")
    set(gnu_like ON)
    add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef)
endif()
if(MINGW)
    add_compile_definitions(__USE_MINGW_ANSI_STDIO=1) # printf knows %zu and %lld on every Windows
elseif(WIN32)
    add_compile_definitions(_CRT_SECURE_NO_WARNINGS _CRT_NONSTDC_NO_WARNINGS) # fopen, strdup
endif()
if(PROJECT_IS_TOP_LEVEL)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
    endif()
    # One level of optimisation unless another is asked for: the kernels are intrinsics, -O3 only makes them longer.
    if(CMAKE_C_FLAGS_RELEASE STREQUAL "-O3 -DNDEBUG")
        set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
    endif()
endif()

set(PIXFER_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")
if(PIXFER_SANITIZE)
    # Line tables are what a report needs; full debug information of the kernels takes gigabytes to make. Assertions stay on.
    set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -g1")
    add_compile_options(-fsanitize=${PIXFER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PIXFER_SANITIZE})
endif()

# Hardening goes with optimisation and without sanitizers, which replace the same calls.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
set(flags "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${build_type}}")
set(lack "")
if(NOT gnu_like OR NOT UNIX)
    set(lack "gcc or clang on a Unix")
elseif(PIXFER_SANITIZE OR flags MATCHES "-fsanitize=")
    set(lack "a build without sanitizers")
elseif(NOT CMAKE_CONFIGURATION_TYPES AND NOT flags MATCHES "-O([1-9s]|fast)")
    set(lack "an optimised build")
endif()
pixfer_decide(PIXFER_HARDENING "hardening" "${lack}")
if(PIXFER_HARDENING)
    # libc takes level 3 for 2 where the compiler does not know it. A packager's own level stays.
    set(optimised 1)
    if(CMAKE_CONFIGURATION_TYPES)
        set(optimised $<CONFIG:Release,RelWithDebInfo,MinSizeRel>)
    endif()
    if(NOT flags MATCHES "_FORTIFY_SOURCE")
        add_compile_options("$<${optimised}:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
    endif()
    check_c_compiler_flag(-fstack-protector-strong PIXFER_HAS_STACK_PROTECTOR)
    if(PIXFER_HAS_STACK_PROTECTOR)
        add_compile_options(-fstack-protector-strong)
    endif()
    check_linker_flag(C "LINKER:-z,relro,-z,now" PIXFER_HAS_BIND_NOW)
    if(PIXFER_HAS_BIND_NOW)
        add_link_options("LINKER:-z,relro,-z,now")
    endif()
endif()
