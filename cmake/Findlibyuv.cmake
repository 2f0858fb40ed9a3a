# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# libyuv ships neither a pkg-config file nor a CMake package. Defines libyuv_FOUND and the target libyuv::libyuv.
find_path(libyuv_INCLUDE_DIR libyuv/convert_from_argb.h)
find_library(libyuv_LIBRARY yuv)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(libyuv REQUIRED_VARS libyuv_LIBRARY libyuv_INCLUDE_DIR)
if(libyuv_FOUND AND NOT TARGET libyuv::libyuv)
    add_library(libyuv::libyuv UNKNOWN IMPORTED)
    set_target_properties(libyuv::libyuv PROPERTIES IMPORTED_LOCATION ${libyuv_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${libyuv_INCLUDE_DIR})
endif()
mark_as_advanced(libyuv_INCLUDE_DIR libyuv_LIBRARY)
