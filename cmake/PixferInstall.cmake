# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Headers, libraries, pkg-config files and a CMake config. All of it may be moved after installation: the pkg-config files and the
# config find the rest from where they lie themselves. Components: library, development, tool, bench.
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pixfer)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(public_headers pixfer.h version.h common.h image.h convert.h)
if(PIXFER_EXPORTER)
    list(APPEND public_headers exporter.h)
endif()
if(PIXFER_VIDEOTOOLBOX)
    list(APPEND public_headers videotoolbox.h)
endif()
list(TRANSFORM public_headers PREPEND ${PROJECT_SOURCE_DIR}/include/pixfer/)
install(FILES ${public_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pixfer COMPONENT development)

# pixfer_install_kinds(PREFIX-OF-TARGETS EXPORT FILE)
function(pixfer_install_kinds targets export file)
    list(TRANSFORM PIXFER_KINDS PREPEND ${targets}- OUTPUT_VARIABLE libraries)
    install(TARGETS ${libraries} EXPORT ${export}
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
            LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development
            RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT library)
    install(EXPORT ${export} NAMESPACE pixfer:: DESTINATION ${config_dir} FILE ${file} COMPONENT development)
endfunction()
pixfer_install_kinds(pixfer-installed pixfer pixferTargets.cmake)
set(PIXFER_LIBAV avformat avcodec swresample avutil)
if(PIXFER_SWSCALE)
    list(PREPEND PIXFER_LIBAV swscale)
endif()
list(JOIN PIXFER_LIBAV " " PIXFER_LIBAV)
if(PIXFER_EXPORTER)
    pixfer_install_kinds(pixfer-installed-exporter pixfer-exporter pixferExporterTargets.cmake)
endif()

configure_package_config_file(cmake/pixferConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/pixferConfig.cmake
                              INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/pixferConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pixferConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/pixferConfigVersion.cmake
        DESTINATION ${config_dir} COMPONENT development)

# From the folder of the .pc files to the prefix, which pkg-config expands at the time of use.
file(RELATIVE_PATH pc_to_prefix /prefix/${pkgconfig_dir} /prefix)
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
foreach(library ${PIXFER_PRIVATE_LIBRARIES})
    if(library STREQUAL "Threads::Threads")
        string(APPEND pc_libraries " ${CMAKE_THREAD_LIBS_INIT}")
    elseif(library MATCHES "^-")
        string(APPEND pc_libraries " ${library}")
    else()
        string(APPEND pc_libraries " -l${library}")
    endif()
endforeach()
if(PIXFER_LIBRARY_SWSCALE)
    set(pc_requires " libswscale libavutil")
endif()
string(REGEX REPLACE "([a-z]+)" "lib\\1" pc_libav "${PIXFER_LIBAV}")
# Without a shared library every program needs what the static one does.
if("shared" IN_LIST PIXFER_KINDS)
    set(pc_private "${pc_libraries}")
    set(pc_dot_private .private)
    set(pc_exporter_private " ${pc_libav}")
else()
    set(pc_public "${pc_libraries}")
    set(pc_exporter_public ", ${pc_libav}")
endif()
set(pc_files pixfer)
if(PIXFER_EXPORTER)
    list(APPEND pc_files pixfer-exporter)
endif()
foreach(pc ${pc_files})
    configure_file(cmake/${pc}.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${pc}.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${pc}.pc DESTINATION ${pkgconfig_dir} COMPONENT development)
endforeach()

# CMake has no uninstall of its own.
if(NOT TARGET uninstall)
    add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -D BUILD_DIR=${CMAKE_BINARY_DIR} -D INCLUDE_DIR=${CMAKE_INSTALL_INCLUDEDIR}
                                        -P ${PROJECT_SOURCE_DIR}/cmake/PixferUninstall.cmake VERBATIM)
endif()
