# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Headers, both libraries, pkg-config files and a CMake config. All of it may be moved after installation: the pkg-config files
# and the config find the rest from where they lie themselves.
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pixfer)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(public_headers pixfer.h version.h common.h image.h convert.h)
if(TARGET pixfer-exporter-objects)
    list(APPEND public_headers exporter.h)
endif()
if(PIXFER_VIDEOTOOLBOX)
    list(APPEND public_headers videotoolbox.h)
endif()
list(TRANSFORM public_headers PREPEND ${PROJECT_SOURCE_DIR}/include/pixfer/)
install(FILES ${public_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pixfer)

install(TARGETS pixfer-installed-static pixfer-installed-shared EXPORT pixfer
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT pixfer NAMESPACE pixfer:: DESTINATION ${config_dir} FILE pixferTargets.cmake)
if(TARGET pixfer-exporter-objects)
    install(TARGETS pixfer-installed-exporter-static pixfer-installed-exporter-shared EXPORT pixfer-exporter
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
            LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
            RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(EXPORT pixfer-exporter NAMESPACE pixfer:: DESTINATION ${config_dir} FILE pixferExporterTargets.cmake)
endif()
configure_package_config_file(cmake/pixferConfig.cmake.in pixferConfig.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(pixferConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pixferConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/pixferConfigVersion.cmake
        DESTINATION ${config_dir})

# From the folder of the .pc files to the prefix, which pkg-config expands at the time of use.
file(RELATIVE_PATH pc_to_prefix /prefix/${pkgconfig_dir} /prefix)
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
foreach(library ${PIXFER_PRIVATE_LIBRARIES})
    if(library STREQUAL "Threads::Threads")
        string(APPEND pc_private " ${CMAKE_THREAD_LIBS_INIT}")
    elseif(library MATCHES "^-")
        string(APPEND pc_private " ${library}")
    else()
        string(APPEND pc_private " -l${library}")
    endif()
endforeach()
set(pc_files pixfer)
if(TARGET pixfer-exporter-objects)
    list(APPEND pc_files pixfer-exporter)
endif()
foreach(pc ${pc_files})
    configure_file(cmake/${pc}.pc.in ${pc}.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${pc}.pc DESTINATION ${pkgconfig_dir})
endforeach()
