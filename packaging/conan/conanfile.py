# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Untested. Conan 2: conan create packaging/conan
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain
from conan.tools.files import copy
from conan.tools.gnu import PkgConfigDeps


class PixferConan(ConanFile):
    name = "pixfer"
    version = "0.2.0"
    description = "Exact RGBA to NV12 conversion and MP4 export at the encoder's own speed"
    license = "MIT"
    topics = ("video", "nv12", "yuv", "colour-conversion")
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False], "exporter": [True, False]}
    default_options = {"shared": False, "fPIC": True, "exporter": False}

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "doc/pixfer.1"):
            copy(self, pattern, src=root, dst=self.export_sources_folder)

    def config_options(self):
        if self.settings.os == "Windows":
            del self.options.fPIC

    def configure(self):
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")

    def requirements(self):
        if self.options.exporter:
            self.requires("ffmpeg/[>=5 <8]")

    def build_requirements(self):
        if self.options.exporter:
            self.tool_requires("pkgconf/[>=2.1 <3]")

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["PIXFER_EXPORTER"] = "ON" if self.options.exporter else "OFF"
        for part in ("TOOL", "BENCH", "JSON", "SWS_DROPIN", "GSTREAMER", "VULKAN", "TESTS", "HARDENING"):
            toolchain.cache_variables["PIXFER_" + part] = "OFF"
        toolchain.cache_variables["PIXFER_SWSCALE"] = "OFF"
        toolchain.generate()
        PkgConfigDeps(self).generate()  # FFmpeg's libraries are found by pkg-config

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        core = self.cpp_info.components["core"]
        core.libs = ["pixfer_static" if self.settings.os == "Windows" and not self.options.shared else "pixfer"]
        core.set_property("cmake_target_name", "pixfer::pixfer")
        core.set_property("pkg_config_name", "pixfer")
        if self.settings.os in ("Linux", "FreeBSD"):
            core.system_libs = ["m", "pthread"]
        elif self.settings.os == "Macos":
            core.frameworks = ["CoreFoundation", "CoreVideo", "VideoToolbox", "IOSurface"]
        elif self.settings.os == "Windows" and self.options.shared:
            core.defines = ["PIXFER_SHARED"]
        if self.options.exporter:
            exporter = self.cpp_info.components["exporter"]
            exporter.libs = ["pixfer-exporter"]
            exporter.requires = ["core", "ffmpeg::ffmpeg"]
            exporter.set_property("cmake_target_name", "pixfer::exporter")
            exporter.set_property("pkg_config_name", "pixfer-exporter")
