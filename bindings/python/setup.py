# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
"""Builds pixfer._core and, where FFmpeg's libraries are, pixfer._exporter: extension modules of the stable ABI.

pixfer's own C sources are compiled into them: those of the repository around this folder, or the copy of them that a source
distribution has in native/pixfer. The environment says what else is wanted:

    PIXFER_SYSTEM=1     link the installed libpixfer and libpixfer-exporter (pkg-config) instead
    PIXFER_EXPORTER=0   no exporter; 1: fail where it cannot be built. Without it, it is built where it can be.
"""

import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

here = os.path.dirname(os.path.abspath(__file__))
os.chdir(here)
BUNDLED = os.path.join("native", "pixfer")
LIBAV = ["libavcodec >= 59", "libavformat >= 59", "libavutil >= 57", "libswresample >= 4"]
SWSCALE = ["libswscale >= 6"]


def switch(name):
    """True, False, or None where the environment does not say."""
    value = os.environ.get(name, "").lower()
    known = {"": None, "1": True, "on": True, "true": True, "yes": True, "0": False, "off": False, "false": False, "no": False}
    if value not in known:
        sys.exit(f"pixfer: {name} is '{value}', expected 0 or 1")
    return known[value]


def root():
    """The folder with pixfer's src and include."""
    for folder in (BUNDLED, os.path.join("..", "..")):
        if os.path.exists(os.path.join(folder, "include", "pixfer", "version.h")):
            return folder
    sys.exit(f"pixfer: found its C sources neither in {BUNDLED} nor in the repository around this folder")


def version():
    with open(os.path.join(root(), "include", "pixfer", "version.h"), encoding="utf-8") as header:
        return ".".join(re.findall(r"#define PIXFER_VERSION_\w+ (\d+)", header.read()))


def pkg_config(modules):
    """Compiler and linker arguments, or None and why there are none."""
    tool = os.environ.get("PKG_CONFIG", "pkg-config")
    try:
        run = subprocess.run([*shlex.split(tool), "--cflags", "--libs", "--print-errors", *modules], capture_output=True, text=True,
                             check=False)
    except OSError as error:
        return None, f"{tool}: {error.strerror}"
    if run.returncode:
        return None, " ".join(run.stderr.split())
    words = shlex.split(run.stdout)
    return {"extra_compile_args": [word for word in words if word[:2] in ("-I", "-D") or word == "-pthread"],
            "extra_link_args": [word for word in words if word[:2] not in ("-I", "-D")]}, None


def sources(folder, *patterns):
    return sorted(name for pattern in patterns for name in glob.glob(os.path.join(folder, "src", pattern), recursive=True))


def objects_of(folder, what):
    """The sources that a module takes along from pixfer's own, with their own macros."""
    if what == "core":
        return sources(folder, "core/*.c", "kernels/**/*.c", "backends/cpu/*.c", "backends/*/*_stub.c", "platform/*.c")
    return sources(folder, "exporter/**/*.c", "platform/*_files.c", "platform/*_process.c")


def extension(name, files, folder, libraries, macros=()):
    result = Extension(
        "pixfer." + name,
        sources=[os.path.join("native", file) for file in files],
        include_dirs=[os.path.join(folder, "include")] if folder else [],
        define_macros=[("Py_LIMITED_API", "0x030B0000"), *([("PIXFER_STATIC", "1")] if folder else [])],
        py_limited_api=True,
        **libraries,
    )
    if sys.platform != "win32":
        result.extra_compile_args = [*result.extra_compile_args, "-std=gnu11", "-fvisibility=hidden"]
        if folder:
            result.extra_link_args = [*result.extra_link_args, "-lm", "-lpthread"]
            if "-g" not in os.environ.get("CFLAGS", ""):  # the interpreter's own flags may ask for it; it makes a wheel ten times as large
                result.extra_compile_args.append("-g0")
    result.own = (folder, macros)
    return result


def extensions():
    system = switch("PIXFER_SYSTEM")
    wanted = switch("PIXFER_EXPORTER")
    folder = None if system else root()
    core_files = ["core.c", "converter.c", "frame.c", "planes.c", "view.c", "calls.c", "names.c"]
    exporter_files = ["exporter_module.c", "exporter.c", "exporter_push.c", "exporter_arguments.c", "planes.c", "view.c", "calls.c", "names.c"]
    macros = []
    libraries, why = pkg_config([f"pixfer = {version()}"]) if system else ({}, None)
    if libraries is None:
        sys.exit(f"pixfer: PIXFER_SYSTEM is set, but {why}")
    modules = [extension("_core", core_files, folder, libraries)]
    if wanted is False:
        return modules
    libraries, why = pkg_config([f"pixfer-exporter = {version()}"] if system else LIBAV)
    if libraries is None:
        if wanted:
            sys.exit(f"pixfer: PIXFER_EXPORTER is set, but {why}")
        print(f"pixfer: no exporter: {why}", file=sys.stderr)
        return modules
    if not system:
        macros.append(("PIXFER_WITH_EXPORTER", "1"))
        swscale, _ = pkg_config(LIBAV + SWSCALE)
        if swscale:  # unpacks unusual formats
            libraries = swscale
            macros.append(("PIXFER_WITH_SWSCALE", "1"))
    modules.append(extension("_exporter", exporter_files, folder, libraries, macros))
    return modules


class build(build_ext):
    def build_extensions(self):
        self.force = True  # what is compiled does not tell what it was made of
        self.core_objects = None
        super().build_extensions()

    def build_extension(self, ext):
        folder, macros = ext.own
        if folder:
            if self.core_objects is None:
                self.core_objects = self.compile(ext, folder, "core", [])
            ext.extra_objects = list(self.core_objects)
            if macros:
                ext.extra_objects += self.compile(ext, folder, "exporter", macros)
        super().build_extension(ext)

    def compile(self, ext, folder, what, macros):
        """Compiles files beside each other, into a folder of their own."""
        defined = [macro for macro in ext.define_macros if macro[0] != "Py_LIMITED_API"] + list(macros)
        files = [os.path.abspath(name) for name in objects_of(folder, what)]
        os.makedirs(self.build_temp, exist_ok=True)

        def one(name):
            return self.compiler.compile([name], output_dir=os.path.join(self.build_temp, what), macros=defined,
                                         include_dirs=ext.include_dirs, debug=self.debug, extra_postargs=ext.extra_compile_args)

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return [name for names in pool.map(one, files) for name in names]


class distribute(sdist):
    """A source distribution has pixfer's own sources in native/pixfer."""

    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        folder = root()
        native = os.path.join(base_dir, "native")
        os.makedirs(native, exist_ok=True)
        for name in glob.glob(os.path.join("native", "*.h")):
            shutil.copy(name, native)
        for part in ("include", "src"):
            shutil.copytree(os.path.join(folder, part), os.path.join(native, "pixfer", part), dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("CMakeLists.txt", "*.o"))
        for name in ("LICENSE",):
            shutil.copy(os.path.join(folder if os.path.exists(os.path.join(folder, name)) else here, name), base_dir)


setup(version=version(), ext_modules=extensions(), cmdclass={"build_ext": build, "sdist": distribute},
      options={"bdist_wheel": {"py_limited_api": "cp311"}})
