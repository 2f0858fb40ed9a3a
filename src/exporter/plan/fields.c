/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifdef PIXFER_WITH_EXPORTER
#include "fields.h"

#include <pixfer/exporter.h>

#define MEMBER(type, name, member, kind) {name, offsetof(struct type, member), sizeof(((struct type *)0)->member), kind},
#define PARAM(member, kind) MEMBER(pixfer_exporter_params, #member, member, kind)
#define INPUT(member, kind) MEMBER(pixfer_input, #member, member, kind)
#define END                   \
    {                         \
        NULL, 0, 0, FIELD_INT \
    }

const struct field pixfer_params_fields[] = {
    PARAM(format, FIELD_FORMAT) PARAM(width, FIELD_U32) PARAM(height, FIELD_U32) PARAM(fps_num, FIELD_U32)
        PARAM(fps_den, FIELD_U32) PARAM(time_base_num, FIELD_U32) PARAM(time_base_den, FIELD_U32)
            MEMBER(pixfer_exporter_params, "matrix", color.matrix, FIELD_INT) MEMBER(pixfer_exporter_params, "range", color.range,
                                                                                     FIELD_INT)
                MEMBER(pixfer_exporter_params, "siting", color.siting, FIELD_INT) PARAM(any_siting, FIELD_INT)
                    PARAM(primaries, FIELD_INT) PARAM(transfer, FIELD_INT) PARAM(converter, FIELD_INT)
                        PARAM(fastest_converter, FIELD_INT) PARAM(cpu, FIELD_TEXT) PARAM(encoder, FIELD_TEXT)
                            PARAM(preset, FIELD_TEXT) PARAM(rate, FIELD_INT) PARAM(rate_value, FIELD_DOUBLE)
                                PARAM(encoder_threads, FIELD_U32) PARAM(overwrite, FIELD_INT) PARAM(keep_start, FIELD_INT)
                                    PARAM(gop, FIELD_U32) PARAM(audio_codec, FIELD_TEXT) PARAM(audio_bitrate, FIELD_U32)
                                        PARAM(rotation, FIELD_U32) PARAM(sample_aspect_num, FIELD_U32)
                                            PARAM(sample_aspect_den, FIELD_U32) PARAM(codec, FIELD_INT) PARAM(depth, FIELD_U32)
                                                PARAM(chroma, FIELD_U32) PARAM(alpha, FIELD_INT) PARAM(background, FIELD_U32)
                                                    PARAM(mastering_display, FIELD_TEXT) PARAM(max_cll, FIELD_U32)
                                                        PARAM(max_fall, FIELD_U32) PARAM(measure_light, FIELD_INT) END};

const struct field pixfer_params_others[] = {
    PARAM(struct_size, FIELD_INT) PARAM(convert_threads, FIELD_INT) PARAM(sample_rate, FIELD_INT) PARAM(channels, FIELD_INT)
        PARAM(queue_bytes, FIELD_INT) PARAM(log, FIELD_INT) PARAM(log_opaque, FIELD_INT) PARAM(progress, FIELD_INT)
            PARAM(progress_opaque, FIELD_INT) PARAM(error, FIELD_INT) PARAM(error_size, FIELD_INT) PARAM(metadata, FIELD_INT)
                PARAM(metadata_count, FIELD_INT) PARAM(write, FIELD_INT) PARAM(write_opaque, FIELD_INT) END};

const struct field pixfer_input_fields[] = {
    INPUT(format, FIELD_FORMAT) INPUT(width, FIELD_U32) INPUT(height, FIELD_U32) INPUT(stride, FIELD_SIZE)
        INPUT(fps_num, FIELD_U32) INPUT(fps_den, FIELD_U32) INPUT(loop, FIELD_U64) INPUT(first, FIELD_U64) INPUT(end, FIELD_U64)
            INPUT(no_audio, FIELD_INT) INPUT(color_given, FIELD_INT) INPUT(shortest, FIELD_INT) INPUT(retime, FIELD_INT)
                INPUT(stop_on_error, FIELD_INT) INPUT(max_pixels, FIELD_U64) INPUT(max_gap, FIELD_DOUBLE) END};

const struct field pixfer_input_others[] = {INPUT(struct_size, FIELD_INT) INPUT(name, FIELD_INT) INPUT(audio, FIELD_INT) END};
#endif
