# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Untested. An overlay port: vcpkg install pixfer --overlay-ports=packaging/vcpkg builds the tree it lies in. A registry's port has
# vcpkg_from_github or vcpkg_download_distfile with a release's address and SHA512 here.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS FEATURES exporter PIXFER_EXPORTER)
vcpkg_find_acquire_program(PKGCONFIG) # it finds FFmpeg's libraries
string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "dynamic" shared)
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS ${FEATURE_OPTIONS} "-DPKG_CONFIG_EXECUTABLE=${PKGCONFIG}" -DPIXFER_SWSCALE=OFF -DBUILD_SHARED_LIBS=${shared} -DPIXFER_TOOL=OFF -DPIXFER_BENCH=OFF -DPIXFER_JSON=OFF -DPIXFER_SWS_DROPIN=OFF -DPIXFER_GSTREAMER=OFF
            -DPIXFER_VULKAN=OFF -DPIXFER_TESTS=OFF -DPIXFER_HARDENING=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME pixfer CONFIG_PATH lib/cmake/pixfer)
vcpkg_fixup_pkgconfig()
vcpkg_copy_pdbs()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
