// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// The headers as a C++ program of any age uses them: parameters made by the macros, a source in const memory, a structure that the
// library fills.

#include <pixfer/exporter.h>
#include <pixfer/pixfer.h>

#include <cstdio>

static bool convert(const uint8_t *rgba, uint8_t *nv12)
{
#if __cplusplus >= 202002L
    const auto params = PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = PIXFER_FORMAT_NV12, .width = 2,
                                                .height = 2, .color = {.matrix = PIXFER_MATRIX_BT601});
    const pixfer_image src = {
        .format = PIXFER_FORMAT_RGBA, .width = 2, .height = 2, .plane = {pixfer_const_plane(rgba)}, .stride = {8}};
#else
    auto params = PIXFER_CONVERTER_PARAMS();
    params.src_format = PIXFER_FORMAT_RGBA;
    params.dst_format = PIXFER_FORMAT_NV12;
    params.width = params.height = 2;
    params.color.matrix = PIXFER_MATRIX_BT601;
    const pixfer_image src = {PIXFER_FORMAT_RGBA, 2, 2, {pixfer_const_plane(rgba)}, {8}};
#endif
    const pixfer_image dst = {PIXFER_FORMAT_NV12, 2, 2, {nv12, nv12 + 4}, {2, 2}};
    auto info = PIXFER_CONVERTER_INFO();
    pixfer_converter *converter;
    bool done = pixfer_converter_open(&converter, &params) == PIXFER_OK && pixfer_convert(converter, &src, &dst) == PIXFER_OK;

    pixfer_converter_get_info(converter, &info);
    pixfer_converter_close(&converter);
    return done && info.struct_size == sizeof(info) && info.frames == 1;
}

// Only that these compile and know their size: the exporter may not be there.
static bool sizes()
{
#if __cplusplus >= 202002L
    const auto params = PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = 2, .height = 2, .fps_num = 30);
    const auto input = PIXFER_INPUT(.name = "input.mkv", .loop = 2);
#else
    auto params = PIXFER_EXPORTER_PARAMS();
    auto input = PIXFER_INPUT();
    params.fps_num = 30;
    input.loop = 2;
#endif
    const auto stats = PIXFER_EXPORTER_STATS();
    const auto queue = PIXFER_EXPORTER_QUEUE();
    return stats.struct_size == sizeof(stats) && queue.struct_size == sizeof(queue) && params.struct_size == sizeof(params) &&
           params.fps_num == 30 && !params.fps_den && input.struct_size == sizeof(input) && input.loop == 2;
}

int main()
{
    static const uint8_t red[16] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0};
    uint8_t nv12[6];

    if (!convert(red, nv12) || nv12[0] != 81 || nv12[4] != 90 || nv12[5] != 240 || !sizes()) {
        std::printf("found %d,%d,%d, expected 81,90,240\n", nv12[0], nv12[4], nv12[5]);
        return 1;
    }
    return 0;
}
