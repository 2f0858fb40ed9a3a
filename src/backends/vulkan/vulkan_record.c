/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#include "../stub.h"

#if PIXFER_WITH_VULKAN
#include <string.h>

#include "../../core/image.h"
#include "../../core/sized.h"
#include "vulkan_object.h"

/* One call to pixfer_vulkan_record: what was asked for, then what was found out about it. */
struct recording {
    struct pixfer_vulkan *v;
    struct pixfer_vulkan_source source;
    struct pixfer_vulkan_target target;
    struct pixfer_gpu_constants constants;
    enum pixfer_gpu_source from;
    enum pixfer_gpu_target to;

    VkFormat source_view;      /* the format that an image is read in */
    VkImageLayout source_used; /* and the layout */
    VkDescriptorBufferInfo source_range, target_range;
    VkFormat target_views[2];
    VkImageAspectFlags target_aspects[2];
    unsigned target_images; /* 1 or 2 */
};

PIXFER_PRINTF(2, 3)
static enum pixfer_result refuse(const struct recording *r, const char *format, ...)
{
    char line[400];
    va_list list;

    va_start(list, format);
    pixfer_log_format(line, sizeof(line), format, list);
    va_end(list);
    pixfer_log_send(&r->v->settings.log, PIXFER_LOG_ERROR, line);
    return PIXFER_ERR_INVALID;
}

PIXFER_PRINTF(2, 3)
static enum pixfer_result unsupported(const struct recording *r, const char *format, ...)
{
    char line[400];
    va_list list;

    va_start(list, format);
    pixfer_log_format(line, sizeof(line), format, list);
    va_end(list);
    pixfer_log_send(&r->v->settings.log, PIXFER_LOG_ERROR, line);
    return PIXFER_ERR_UNSUPPORTED;
}

/* ---- Buffers ------------------------------------------------------------------------------------------------------------- */

/* The planes of a frame in a buffer: resolved, checked, and the part of the buffer that a descriptor shows of it. */
static enum pixfer_result check_buffer(struct recording *r, const char *name, enum pixfer_format format, VkDeviceSize offset[3],
                                       VkDeviceSize pitch[3], VkDescriptorBufferInfo *range)
{
    const struct pixfer_vulkan_params *p = &r->v->params;
    const VkDeviceSize limit = (VkDeviceSize)1 << 48;
    VkDeviceSize first = UINT64_MAX, end = 0, align = r->v->limits.minStorageBufferOffsetAlignment;

    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        size_t row_bytes, rows;

        pixfer_plane_size(format, p->width, p->height, i, &row_bytes, &rows);
        if (!pitch[i])
            pitch[i] = row_bytes;
        if (pitch[i] < row_bytes || pitch[i] > UINT32_MAX)
            return refuse(r, "%s.pitch[%u] is %llu bytes, expected at least %zu for %u pixels of %s, and less than 4 GB", name, i,
                          (unsigned long long)pitch[i], row_bytes, (unsigned)p->width, pixfer_format_name(format));
        if (i && !offset[i]) {
            size_t above_bytes, above_rows;

            pixfer_plane_size(format, p->width, p->height, i - 1, &above_bytes, &above_rows);
            offset[i] = offset[i - 1] + above_rows * pitch[i - 1];
        }
        if (offset[i] > limit)
            return refuse(r, "%s.offset[%u] is %llu, expected at most 2^48", name, i, (unsigned long long)offset[i]);
        if (pixfer_format_layout(format)->depth > 8 && ((offset[i] | pitch[i]) & 1))
            return refuse(r, "%s.offset[%u] %llu or its pitch %llu is odd, expected even for 16-bit samples", name, i,
                          (unsigned long long)offset[i], (unsigned long long)pitch[i]);
        if (offset[i] < first)
            first = offset[i];
        if (offset[i] + pitch[i] * (rows - 1) + row_bytes > end)
            end = offset[i] + pitch[i] * (rows - 1) + row_bytes;
    }
    align = align > 4 ? align : 4;
    range->offset = first & ~(align - 1);
    range->range = ((end + 3) & ~(VkDeviceSize)3) - range->offset;
    if (range->range > r->v->limits.maxStorageBufferRange)
        return unsupported(
            r, "%s: the frame spans %llu bytes of its buffer, expected at most the device's maxStorageBufferRange of %u", name,
            (unsigned long long)range->range, (unsigned)r->v->limits.maxStorageBufferRange);
    return PIXFER_OK;
}

/* The same as an image in memory, for the check of overlap that the converter has; `base` is what lies at address 4096. */
static struct pixfer_image as_image(const struct recording *r, enum pixfer_format format, VkDeviceSize base,
                                    const VkDeviceSize offset[3], const VkDeviceSize pitch[3])
{
    struct pixfer_image image = {.format = format, .width = r->v->params.width, .height = r->v->params.height};

    for (unsigned i = 0; i < pixfer_format_planes(format); i++) {
        image.plane[i] = (uint8_t *)(uintptr_t)(4096 + offset[i] - base);
        image.stride[i] = (ptrdiff_t)pitch[i];
    }
    return image;
}

/* No byte of a plane belongs to another plane, or to the source where that is the same buffer. */
static bool planes_disjoint(const struct recording *r)
{
    const struct pixfer_vulkan_source *s = &r->source;
    const struct pixfer_vulkan_target *t = &r->target;
    const bool shared = !s->image && s->buffer == t->buffer;
    const VkDeviceSize base =
        shared && r->source_range.offset < r->target_range.offset ? r->source_range.offset : r->target_range.offset;
    const struct pixfer_image dst = as_image(r, r->v->params.dst_format, base, t->offset, t->pitch);
    const struct pixfer_rows all = {0, dst.height};
    struct pixfer_image src = dst;

    if (shared)
        src = as_image(r, r->v->params.src_format, base, s->offset, s->pitch);
    for (unsigned i = 0; !shared && i < pixfer_format_planes(src.format); i++)
        src.plane[i] = (uint8_t *)((uintptr_t)src.plane[i] + UINTPTR_MAX / 2); /* far from everything */
    return pixfer_images_disjoint(&src, all, &dst, all, &r->v->settings.log);
}

static void to_words(uint32_t words[3], const VkDeviceSize bytes[3], VkDeviceSize base, unsigned planes)
{
    for (unsigned i = 0; i < 3; i++)
        words[i] = i < planes ? (uint32_t)(bytes[i] - base) : 0;
}

/* ---- The source ---------------------------------------------------------------------------------------------------------- */

/* The format of the view that reads the bytes as they are. */
static VkFormat stored_as(VkFormat format)
{
    switch ((int)format) {
    case VK_FORMAT_R8G8B8A8_UNORM:
    case VK_FORMAT_R8G8B8A8_SRGB:
        return VK_FORMAT_R8G8B8A8_UNORM;
    case VK_FORMAT_A8B8G8R8_UNORM_PACK32:
    case VK_FORMAT_A8B8G8R8_SRGB_PACK32:
        return VK_FORMAT_A8B8G8R8_UNORM_PACK32;
    case VK_FORMAT_B8G8R8A8_UNORM:
    case VK_FORMAT_B8G8R8A8_SRGB:
        return VK_FORMAT_B8G8R8A8_UNORM;
    case VK_FORMAT_R8G8B8_UNORM:
    case VK_FORMAT_R8G8B8_SRGB:
        return VK_FORMAT_R8G8B8_UNORM;
    case VK_FORMAT_B8G8R8_UNORM:
    case VK_FORMAT_B8G8R8_SRGB:
        return VK_FORMAT_B8G8R8_UNORM;
    default:
        return VK_FORMAT_UNDEFINED;
    }
}

static VkFormatFeatureFlags features_of(const struct recording *r, VkFormat format)
{
    VkFormatProperties properties;

    r->v->calls.GetPhysicalDeviceFormatProperties(r->v->params.physical_device, format, &properties);
    return properties.optimalTilingFeatures | properties.linearTilingFeatures;
}

static enum pixfer_result check_place(const struct recording *r, const char *name, uint32_t found, uint32_t size)
{
    const uint32_t most = r->v->limits.maxImageDimension2D;

    if (size <= most && found <= most - size)
        return PIXFER_OK;
    return refuse(r, "source.%s is %u, expected a frame of %u pixels from there within the device's images of %u", name,
                  (unsigned)found, (unsigned)size, (unsigned)most);
}

static enum pixfer_result check_source_image(struct recording *r)
{
    struct pixfer_vulkan_source *s = &r->source;
    const VkFormatFeatureFlags needed = s->storage ? VK_FORMAT_FEATURE_STORAGE_IMAGE_BIT : VK_FORMAT_FEATURE_SAMPLED_IMAGE_BIT;
    enum pixfer_result result;

    if (s->buffer)
        return refuse(r, "source has an image and a buffer, expected one of them");
    r->source_view = stored_as(s->format);
    if (!r->source_view)
        return refuse(r, "source.format is %d, expected a VkFormat of 8-bit RGB (37 for R8G8B8A8_UNORM, 44 for B8G8R8A8_UNORM)",
                      (int)s->format);
    if (s->storage && r->source_view != VK_FORMAT_R8G8B8A8_UNORM)
        return unsupported(r, "source.format is %d with storage, expected R8G8B8A8_UNORM (37) or _SRGB (43)", (int)s->format);
    if (!(features_of(r, r->source_view) & needed))
        return unsupported(r, "source.format is %d, which this device cannot %s", (int)s->format,
                           s->storage ? "use as a storage image" : "sample");
    if ((result = check_place(r, "x", s->x, r->v->params.width)) != PIXFER_OK ||
        (result = check_place(r, "y", s->y, r->v->params.height)) != PIXFER_OK)
        return result;
    if (s->layout == VK_IMAGE_LAYOUT_UNDEFINED || (s->layout == VK_IMAGE_LAYOUT_PREINITIALIZED && !s->final_layout))
        return refuse(r, "source.layout is %s, expected the layout that the image is in",
                      s->layout ? "PREINITIALIZED without final_layout" : "UNDEFINED");
    if (s->final_layout == VK_IMAGE_LAYOUT_PREINITIALIZED)
        return refuse(r, "source.final_layout is PREINITIALIZED, expected a layout that an image can be brought into");
    if (!s->final_layout)
        s->final_layout = s->layout;
    r->from = s->storage ? PIXFER_GPU_FROM_STORAGE : PIXFER_GPU_FROM_TEXTURE;
    r->source_used =
        s->storage || s->layout == VK_IMAGE_LAYOUT_GENERAL ? VK_IMAGE_LAYOUT_GENERAL : VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL;
    pixfer_gpu_set_texture(&r->constants, s->x, s->y);
    return PIXFER_OK;
}

static enum pixfer_result check_source(struct recording *r)
{
    struct pixfer_vulkan_source *s = &r->source;
    const enum pixfer_format format = r->v->params.src_format;
    uint32_t offset[3], pitch[3];
    enum pixfer_result result;

    if (s->image)
        return check_source_image(r);
    if (!s->buffer)
        return refuse(r, "source has neither an image nor a buffer");
    if (!format)
        return refuse(r, "source is a buffer, expected an image: src_format was NONE when this was opened");
    result = check_buffer(r, "source", format, s->offset, s->pitch, &r->source_range);
    if (result != PIXFER_OK)
        return result;
    r->from = PIXFER_GPU_FROM_BUFFER;
    r->source_range.buffer = s->buffer;
    to_words(offset, s->offset, r->source_range.offset, pixfer_format_planes(format));
    to_words(pitch, s->pitch, 0, pixfer_format_planes(format));
    pixfer_gpu_set_source(&r->constants, format, offset, pitch);
    return PIXFER_OK;
}

/* ---- The target ---------------------------------------------------------------------------------------------------------- */

/* Images of two planes by what they hold. */
static bool holds(VkFormat format, enum pixfer_format planes)
{
    switch ((int)format) {
    case VK_FORMAT_G8_B8R8_2PLANE_420_UNORM:
        return planes == PIXFER_FORMAT_NV12;
    case VK_FORMAT_G8_B8R8_2PLANE_422_UNORM:
        return planes == PIXFER_FORMAT_NV16;
#ifdef VK_EXT_ycbcr_2plane_444_formats
    case VK_FORMAT_G8_B8R8_2PLANE_444_UNORM_EXT:
        return planes == PIXFER_FORMAT_NV24;
#endif
    case VK_FORMAT_G10X6_B10X6R10X6_2PLANE_420_UNORM_3PACK16:
    case VK_FORMAT_G16_B16R16_2PLANE_420_UNORM:
        return planes == PIXFER_FORMAT_P010;
    default:
        return false;
    }
}

/* Drivers that cannot write into the planes of such an image let it be made, so they are asked first. */
static bool has_two_planes(const struct recording *r, VkFormat format)
{
    const VkPhysicalDeviceImageFormatInfo2 info = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_IMAGE_FORMAT_INFO_2,
                                                   .format = format,
                                                   .type = VK_IMAGE_TYPE_2D,
                                                   .tiling = VK_IMAGE_TILING_OPTIMAL,
                                                   .usage = VK_IMAGE_USAGE_STORAGE_BIT,
                                                   .flags =
                                                       VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT | VK_IMAGE_CREATE_EXTENDED_USAGE_BIT};
    VkImageFormatProperties2 properties = {.sType = VK_STRUCTURE_TYPE_IMAGE_FORMAT_PROPERTIES_2};

    return r->v->calls.GetPhysicalDeviceImageFormatProperties2 &&
           r->v->calls.GetPhysicalDeviceImageFormatProperties2(r->v->params.physical_device, &info, &properties) == VK_SUCCESS &&
           r->v->params.width <= properties.imageFormatProperties.maxExtent.width &&
           r->v->params.height <= properties.imageFormatProperties.maxExtent.height;
}

static enum pixfer_result check_target_images(struct recording *r)
{
    struct pixfer_vulkan_target *t = &r->target;
    const struct pixfer_format_layout *layout = pixfer_format_layout(r->v->params.dst_format);
    const bool deep = layout->depth > 8;

    if (layout->planes != 2)
        return refuse(r, "target is an image, expected a buffer for the three planes of %s", layout->name);
    if (!t->image[0] || (!t->format) != (t->image[1] != VK_NULL_HANDLE))
        return refuse(r, "target has %s, expected a buffer, two images, or format and one image of two planes",
                      !t->image[0]  ? "neither a buffer nor image[0]"
                      : t->image[1] ? "a format and two images"
                                    : "one image without a format");
    if (!t->view[0] != !t->view[1])
        return refuse(r, "target.view[%d] is NULL, expected both views or neither", t->view[0] ? 1 : 0);
    if (t->layout == VK_IMAGE_LAYOUT_PREINITIALIZED || t->final_layout == VK_IMAGE_LAYOUT_PREINITIALIZED)
        return refuse(r, "target's layout is PREINITIALIZED, expected UNDEFINED or the layout that its images are in");
    r->target_views[0] = deep ? VK_FORMAT_R16_UNORM : VK_FORMAT_R8_UNORM;
    r->target_views[1] = deep ? VK_FORMAT_R16G16_UNORM : VK_FORMAT_R8G8_UNORM;
    for (int i = 0; i < 2; i++)
        if (!(features_of(r, r->target_views[i]) & VK_FORMAT_FEATURE_STORAGE_IMAGE_BIT))
            return unsupported(r, "target: this device cannot write to images of format %d", (int)r->target_views[i]);
    if (t->format && !holds(t->format, r->v->params.dst_format))
        return refuse(r, "target.format is %d, expected a VkFormat of two planes that holds %s", (int)t->format, layout->name);
    if (t->format && !has_two_planes(r, t->format))
        return unsupported(r,
                           "target.format is %d: this device has no images of it whose planes can be written, "
                           "expected two images or a buffer",
                           (int)t->format);
    r->target_images = t->format ? 1 : 2;
    for (int i = 0; i < 2; i++)
        r->target_aspects[i] = !t->format ? VK_IMAGE_ASPECT_COLOR_BIT
                               : i        ? VK_IMAGE_ASPECT_PLANE_1_BIT
                                          : VK_IMAGE_ASPECT_PLANE_0_BIT;
    if (!t->final_layout)
        t->final_layout = VK_IMAGE_LAYOUT_GENERAL;
    r->to = PIXFER_GPU_TO_IMAGES;
    return PIXFER_OK;
}

static enum pixfer_result check_target(struct recording *r)
{
    struct pixfer_vulkan_target *t = &r->target;
    const enum pixfer_format format = r->v->params.dst_format;
    uint32_t offset[3], pitch[3];
    enum pixfer_result result;

    if (!t->buffer)
        return check_target_images(r);
    if (t->image[0] || t->image[1])
        return refuse(r, "target has an image and a buffer, expected one of them");
    result = check_buffer(r, "target", format, t->offset, t->pitch, &r->target_range);
    if (result != PIXFER_OK)
        return result;
    if (!planes_disjoint(r))
        return PIXFER_ERR_INVALID;
    r->to = PIXFER_GPU_TO_BUFFER;
    r->target_range.buffer = t->buffer;
    to_words(offset, t->offset, r->target_range.offset, pixfer_format_planes(format));
    to_words(pitch, t->pitch, 0, pixfer_format_planes(format));
    pixfer_gpu_set_target(&r->constants, offset, pitch);
    return PIXFER_OK;
}

/* ---- Views and descriptors ----------------------------------------------------------------------------------------------- */

void pixfer_vulkan_clear_slot(struct pixfer_vulkan *v, struct pixfer_vulkan_slot *slot)
{
    for (int i = 0; i < 3; i++) {
        v->calls.DestroyImageView(v->params.device, slot->views[i], NULL);
        slot->views[i] = VK_NULL_HANDLE;
    }
}

static enum pixfer_result make_view(struct pixfer_vulkan *v, VkImage image, VkFormat format, VkImageUsageFlags usage,
                                    VkImageAspectFlags aspect, uint32_t level, uint32_t layer, VkImageView *view)
{
    /* What the view is for: an image's other usages may not go with this format. Vulkan 1.1, as are the images that need it. */
    const VkImageViewUsageCreateInfo only = {.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_USAGE_CREATE_INFO, .usage = usage};
    const VkResult result =
        v->calls.CreateImageView(v->params.device,
                                 &(VkImageViewCreateInfo){.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
                                                          .pNext = aspect == VK_IMAGE_ASPECT_COLOR_BIT ? NULL : &only,
                                                          .image = image,
                                                          .viewType = VK_IMAGE_VIEW_TYPE_2D,
                                                          .format = format,
                                                          .subresourceRange = {aspect, level, 1, layer, 1}},
                                 NULL, view);

    if (result == VK_SUCCESS)
        return PIXFER_OK;
    *view = VK_NULL_HANDLE;
    return pixfer_vulkan_failed(v, "vkCreateImageView", result);
}

static void describe(VkWriteDescriptorSet *write, VkDescriptorSet set, uint32_t binding, VkDescriptorType type,
                     const VkDescriptorBufferInfo *buffer, const VkDescriptorImageInfo *image)
{
    *write = (VkWriteDescriptorSet){.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                                    .dstSet = set,
                                    .dstBinding = binding,
                                    .descriptorCount = 1,
                                    .descriptorType = type,
                                    .pBufferInfo = buffer,
                                    .pImageInfo = image};
}

/* Makes the views that were not given, and points the slot's set to source and target. */
static enum pixfer_result fill_slot(struct recording *r, struct pixfer_vulkan_slot *slot)
{
    struct pixfer_vulkan *v = r->v;
    VkDescriptorImageInfo images[3] = {{.imageView = r->source.view, .imageLayout = r->source_used},
                                       {.imageView = r->target.view[0], .imageLayout = VK_IMAGE_LAYOUT_GENERAL},
                                       {.imageView = r->target.view[1], .imageLayout = VK_IMAGE_LAYOUT_GENERAL}};
    VkWriteDescriptorSet writes[3];
    uint32_t count = 0;
    enum pixfer_result result = PIXFER_OK;

    pixfer_vulkan_clear_slot(v, slot);
    if (r->from != PIXFER_GPU_FROM_BUFFER && !r->source.view) {
        result = make_view(v, r->source.image, r->source_view, 0, VK_IMAGE_ASPECT_COLOR_BIT, r->source.mip_level,
                           r->source.array_layer, &slot->views[0]);
        images[0].imageView = slot->views[0];
    }
    for (int i = 0; i < 2 && r->to == PIXFER_GPU_TO_IMAGES && !r->target.view[i] && result == PIXFER_OK; i++) {
        result = make_view(v, r->target.image[i && r->target_images == 2], r->target_views[i], VK_IMAGE_USAGE_STORAGE_BIT,
                           r->target_aspects[i], 0, 0, &slot->views[1 + i]);
        images[1 + i].imageView = slot->views[1 + i];
    }
    if (result != PIXFER_OK) {
        pixfer_vulkan_clear_slot(v, slot);
        return result;
    }
    if (r->from == PIXFER_GPU_FROM_BUFFER)
        describe(&writes[count++], slot->set, 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, &r->source_range, NULL);
    else if (r->from == PIXFER_GPU_FROM_TEXTURE)
        describe(&writes[count++], slot->set, 1, VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE, NULL, &images[0]);
    else
        describe(&writes[count++], slot->set, 2, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, NULL, &images[0]);
    if (r->to == PIXFER_GPU_TO_BUFFER) {
        describe(&writes[count++], slot->set, 3, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, &r->target_range, NULL);
    } else {
        describe(&writes[count++], slot->set, 4, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, NULL, &images[1]);
        describe(&writes[count++], slot->set, 5, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, NULL, &images[2]);
    }
    v->calls.UpdateDescriptorSets(v->params.device, count, writes, 0, NULL);
    return PIXFER_OK;
}

/* ---- Commands ------------------------------------------------------------------------------------------------------------ */

struct scope {
    VkPipelineStageFlags stages;
    VkAccessFlags access;
};

static struct scope scope_of(VkPipelineStageFlags stages, VkAccessFlags access, VkPipelineStageFlags all, VkAccessFlags any)
{
    return stages ? (struct scope){stages, access} : (struct scope){all, any};
}

static void change_layout(VkImageMemoryBarrier *barrier, VkImage image, VkImageLayout from, VkImageLayout to,
                          VkAccessFlags before, VkAccessFlags after, uint32_t level, uint32_t layer)
{
    *barrier = (VkImageMemoryBarrier){.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER,
                                      .srcAccessMask = before,
                                      .dstAccessMask = after,
                                      .oldLayout = from,
                                      .newLayout = to,
                                      .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                                      .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                                      .image = image,
                                      .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, level, 1, layer, 1}};
}

/* One barrier for memory, and one for every image whose layout changes: before the dispatch, or after it. */
static void barrier(const struct recording *r, VkCommandBuffer cmd, bool after)
{
    const struct pixfer_vulkan_source *s = &r->source;
    const struct pixfer_vulkan_target *t = &r->target;
    const VkAccessFlags shader = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
    const VkAccessFlags any = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT;
    const struct scope own = {VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, after ? VK_ACCESS_SHADER_WRITE_BIT : shader};
    const struct scope source =
        after ? scope_of(s->after_stages, s->after_access, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, any)
              : scope_of(s->before_stages, s->before_access, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, VK_ACCESS_MEMORY_WRITE_BIT);
    const struct scope target =
        after ? scope_of(t->after_stages, t->after_access, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT, any)
              : scope_of(t->before_stages, t->before_access, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, VK_ACCESS_MEMORY_WRITE_BIT);
    const struct scope other = {source.stages | target.stages, source.access | target.access};
    const VkMemoryBarrier memory = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                    .srcAccessMask = after ? own.access : other.access,
                                    .dstAccessMask = after ? other.access : own.access};
    VkImageMemoryBarrier images[3];
    uint32_t count = 0;

    if (r->from != PIXFER_GPU_FROM_BUFFER && (after ? s->final_layout : s->layout) != r->source_used)
        change_layout(&images[count++], s->image, after ? r->source_used : s->layout, after ? s->final_layout : r->source_used,
                      memory.srcAccessMask, memory.dstAccessMask, s->mip_level, s->array_layer);
    for (unsigned i = 0; r->to == PIXFER_GPU_TO_IMAGES && i < r->target_images; i++)
        if ((after ? t->final_layout : t->layout) != VK_IMAGE_LAYOUT_GENERAL)
            change_layout(&images[count++], t->image[i], after ? VK_IMAGE_LAYOUT_GENERAL : t->layout,
                          after ? t->final_layout : VK_IMAGE_LAYOUT_GENERAL, memory.srcAccessMask, memory.dstAccessMask, 0, 0);
    r->v->calls.CmdPipelineBarrier(cmd, after ? own.stages : other.stages, after ? other.stages : own.stages, 0, 1, &memory, 0,
                                   NULL, count, images);
}

static void write_commands(const struct recording *r, VkCommandBuffer cmd, VkPipeline pipeline, VkDescriptorSet set)
{
    const struct pixfer_vulkan *v = r->v;
    uint32_t groups[3];

    pixfer_gpu_groups(&r->constants, r->to == PIXFER_GPU_TO_BUFFER, groups);
    barrier(r, cmd, false);
    v->calls.CmdBindPipeline(cmd, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
    v->calls.CmdBindDescriptorSets(cmd, VK_PIPELINE_BIND_POINT_COMPUTE, v->layout, 0, 1, &set, 0, NULL);
    v->calls.CmdPushConstants(cmd, v->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof(r->constants), &r->constants);
    v->calls.CmdDispatch(cmd, groups[0], groups[1], groups[2]);
    barrier(r, cmd, true);
}

/* What can fail comes first, so that a command buffer gets all of it or nothing. */
enum pixfer_result pixfer_vulkan_record_with(struct pixfer_vulkan *v, VkCommandBuffer cmd,
                                             const struct pixfer_vulkan_source *source, const struct pixfer_vulkan_target *target,
                                             struct pixfer_vulkan_slot *slot)
{
    struct recording r = {.v = v, .constants = v->constants};
    VkPipeline pipeline;
    enum pixfer_result result;

    if (!cmd || !source || !target)
        return refuse(&r, "%s is NULL, expected a %s",
                      !cmd      ? "cmd"
                      : !source ? "source"
                                : "target",
                      !cmd ? "VkCommandBuffer" : "description of a frame");
    if (source->struct_size < sizeof(size_t) || target->struct_size < sizeof(size_t))
        return refuse(&r, "%s.struct_size is %zu, expected %zu: use PIXFER_VULKAN_%s",
                      source->struct_size < sizeof(size_t) ? "source" : "target",
                      source->struct_size < sizeof(size_t) ? source->struct_size : target->struct_size,
                      source->struct_size < sizeof(size_t) ? sizeof(*source) : sizeof(*target),
                      source->struct_size < sizeof(size_t) ? "SOURCE" : "TARGET");
    pixfer_sized_read(&r.source, sizeof(r.source), source);
    pixfer_sized_read(&r.target, sizeof(r.target), target);
    if ((result = pixfer_vulkan_usable(v)) != PIXFER_OK || (result = check_source(&r)) != PIXFER_OK ||
        (result = check_target(&r)) != PIXFER_OK || (result = pixfer_vulkan_pipeline(v, r.from, r.to, &pipeline)) != PIXFER_OK)
        return result;
    if (!slot)
        slot = &v->slots[atomic_fetch_add(&v->next_slot, 1) % v->params.recordings];
    if ((result = fill_slot(&r, slot)) != PIXFER_OK)
        return result;
    write_commands(&r, cmd, pipeline, slot->set);
    return PIXFER_OK;
}

enum pixfer_result pixfer_vulkan_record(struct pixfer_vulkan *v, VkCommandBuffer cmd, const struct pixfer_vulkan_source *source,
                                        const struct pixfer_vulkan_target *target)
{
    return v ? pixfer_vulkan_record_with(v, cmd, source, target, NULL) : PIXFER_ERR_INVALID;
}
#endif
