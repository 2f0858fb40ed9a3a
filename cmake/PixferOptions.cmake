# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Every optional part, and what it needs. An option left at its default turns itself off where its libraries are missing;
# one that was set to ON fails with the name of what is missing.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef)
    # Optimised as one level everywhere: the kernels are intrinsics, -O3 only makes them longer.
    set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
    set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g -DNDEBUG")
endif()

set(PIXFER_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")
if(PIXFER_SANITIZE)
    add_compile_options(-fsanitize=${PIXFER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PIXFER_SANITIZE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig)

# pixfer_option(NAME "text" PKGCONFIG-MODULES...): ON, OFF or, by default, ON if the modules are there. Imports them as NAME_LIBS.
function(pixfer_option name text)
    set(${name} AUTO CACHE STRING "${text} (AUTO, ON, OFF)")
    if("${${name}}" STREQUAL "OFF")
        return()
    endif()
    if(PKG_CONFIG_FOUND)
        pkg_check_modules(${name}_LIBS QUIET IMPORTED_TARGET ${ARGN})
    endif()
    if(NOT ${name}_LIBS_FOUND)
        if(NOT "${${name}}" STREQUAL "AUTO")
            message(FATAL_ERROR "${name} is ${${name}}, but pkg-config does not find all of: ${ARGN}")
        endif()
        message(STATUS "${name}: off, pkg-config does not find all of: ${ARGN}")
        set(${name} OFF PARENT_SCOPE)
        return()
    endif()
    message(STATUS "${name}: on")
    set(${name} ON PARENT_SCOPE)
endfunction()

pixfer_option(PIXFER_EXPORTER "The exporter library" "libavcodec >= 59" "libavformat >= 59" "libavutil >= 57" "libswresample >= 4")
pixfer_option(PIXFER_SWSCALE "The swscale backend, a baseline to measure against" "libswscale >= 6" "libavutil >= 57")
pixfer_option(PIXFER_QUALITY "PSNR and SSIM in `pixfer bench export`" "libavfilter >= 8")
pixfer_option(PIXFER_JSON "JSON output of the tool" "jansson")
pixfer_option(PIXFER_CMOCKA "Unit tests" "cmocka")
option(PIXFER_LIBRARY_SWSCALE "The swscale backend in the installed library too, which then depends on libswscale" OFF)
option(PIXFER_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(PIXFER_FUZZ "Build the libFuzzer targets (clang)" OFF)
if(PIXFER_EXPORTER AND PIXFER_JSON)
    option(PIXFER_TOOL "Build the command-line tool" ON)
else()
    set(PIXFER_TOOL OFF)
endif()
if(APPLE)
    option(PIXFER_VIDEOTOOLBOX "The VideoToolbox backend" ON)
endif()
