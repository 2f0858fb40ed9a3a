# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Untested. A tap's formula: `url` and `sha256` are those of a release's source archive, which are not known before it is made.
class Pixfer < Formula
  desc "Exact RGBA to NV12 conversion and MP4 export"
  # homepage "…"
  # url "…/pixfer-0.2.0.tar.gz"
  version "0.2.0" # to be left out where url has it
  # sha256 "…"
  license "MIT"

  depends_on "cmake" => :build
  depends_on "pkgconf" => :build
  depends_on "ffmpeg"
  depends_on "jansson"

  def install
    system "cmake", "-S", ".", "-B", "build", *std_cmake_args, "-DPIXFER_TESTS=OFF", "-DPIXFER_BENCH=OFF", "-DPIXFER_GSTREAMER=OFF",
           "-DPIXFER_EXPORTER=ON", "-DPIXFER_TOOL=ON", "-DPIXFER_VULKAN=OFF"
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    (testpath/"in.rgba").binwrite("\x00\xff\x00\xff".b * 4)
    system bin/"pixfer", "convert", "--size", "2x2", "in.rgba", "out.nv12"
    assert_equal [173] * 4 + [42, 26], (testpath/"out.nv12").binread.bytes
  end
end
