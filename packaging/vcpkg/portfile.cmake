# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Untested. An overlay port: vcpkg install pixfer --overlay-ports=packaging/vcpkg builds the tree it lies in. A registry's port has
# vcpkg_from_github or vcpkg_download_distfile with a release's address and SHA512 here.
set(SOURCE_PATH ${CMAKE_CURRENT_LIST_DIR}/../..)

vcpkg_check_features(OUT_FEATURE_OPTIONS options FEATURES exporter PIXFER_EXPORTER)
string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "dynamic" shared)
vcpkg_cmake_configure(
    SOURCE_PATH ${SOURCE_PATH}
    OPTIONS ${options} -DBUILD_SHARED_LIBS=${shared} -DPIXFER_TOOL=OFF -DPIXFER_BENCH=OFF -DPIXFER_JSON=OFF -DPIXFER_SWS_DROPIN=OFF -DPIXFER_GSTREAMER=OFF
            -DPIXFER_VULKAN=OFF -DPIXFER_TESTS=OFF -DPIXFER_HARDENING=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME pixfer CONFIG_PATH lib/cmake/pixfer)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/debug/include)
vcpkg_install_copyright(FILE_LIST ${SOURCE_PATH}/LICENSE)
