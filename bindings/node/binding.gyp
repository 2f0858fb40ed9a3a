# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Two modules: the converter depends on nothing but libc, the exporter on FFmpeg's libraries, and is left out where they are not.
{
  "variables": {
    "root": "<!(node sources.js root)",
    "libav%": "<!(pkg-config --exists libavcodec libavformat libavutil libswresample && echo 1 || echo 0)"
  },
  "target_defaults": {
    "cflags_c": ["-std=c11", "-fvisibility=hidden", "-Wall", "-Wextra"],
    "defines": ["NAPI_VERSION=8", "PIXFER_STATIC", "_GNU_SOURCE"],
    "include_dirs": ["<(root)/include"]
  },
  "targets": [
    {
      "target_name": "converter",
      "sources": ["src/converter.c", "src/common.c", "<!@(node sources.js core)"]
    }
  ],
  "conditions": [
    ["libav==1", {
      "targets": [
        {
          "target_name": "exporter",
          "sources": ["src/exporter.c", "src/common.c", "<!@(node sources.js core)", "<!@(node sources.js exporter)"],
          "defines": ["PIXFER_WITH_EXPORTER=1"],
          "cflags": ["<!@(pkg-config --cflags libavcodec libavformat libavutil libswresample)"],
          "libraries": ["<!@(pkg-config --libs libavcodec libavformat libavutil libswresample)"]
        }
      ]
    }]
  ]
}
