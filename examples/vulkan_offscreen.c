/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* A renderer without a window: two seconds of moving bars, drawn by Vulkan, converted where they were drawn, and exported as an MP4.
 * Usage: vulkan_offscreen [OUT.mp4]; it exits with 77 where there is no Vulkan device. */
#include <pixfer/exporter_vulkan.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 640, HEIGHT = 360, FPS = 60, FRAMES = 120 };

static VkInstance instance;
static VkPhysicalDevice gpu;
static VkDevice device;
static uint32_t family;
static VkQueue queue;
static VkImage image;
static VkDeviceMemory memory;
static VkImageView view;
static VkRenderPass pass;
static VkFramebuffer framebuffer;
static VkCommandPool pool;
static VkCommandBuffer commands;
static VkFence fence;

static void must(VkResult result, const char *what)
{
    if (result == VK_SUCCESS)
        return;
    fprintf(stderr, "%s: VkResult %d\n", what, (int)result);
    exit(EXIT_FAILURE);
}

static void open_device(void)
{
    VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .apiVersion = VK_API_VERSION_1_0};
    VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};
    uint32_t count = 1, families = 16;
    VkQueueFamilyProperties properties[16];
    const VkQueueFlags needed = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
    if (vkCreateInstance(&info, NULL, &instance) != VK_SUCCESS || vkEnumeratePhysicalDevices(instance, &count, &gpu) < 0 ||
        !count) {
        puts("no Vulkan device");
        exit(77);
    }
    vkGetPhysicalDeviceQueueFamilyProperties(gpu, &families, properties);
    while (family + 1 < families && (properties[family].queueFlags & needed) != needed)
        family++;
    float priority = 1;
    VkDeviceQueueCreateInfo queues = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                      .queueFamilyIndex = family,
                                      .queueCount = 1,
                                      .pQueuePriorities = &priority};
    VkDeviceCreateInfo create = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, .queueCreateInfoCount = 1, .pQueueCreateInfos = &queues};
    must(vkCreateDevice(gpu, &create, NULL, &device), "vkCreateDevice");
    vkGetDeviceQueue(device, family, 0, &queue);
}

/* What is drawn into is also read by the conversion: VK_IMAGE_USAGE_SAMPLED_BIT. */
static void make_image(void)
{
    VkMemoryRequirements wanted;
    VkImageCreateInfo create = {.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
                                .imageType = VK_IMAGE_TYPE_2D,
                                .format = VK_FORMAT_R8G8B8A8_UNORM,
                                .extent = {WIDTH, HEIGHT, 1},
                                .mipLevels = 1,
                                .arrayLayers = 1,
                                .samples = VK_SAMPLE_COUNT_1_BIT,
                                .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_SAMPLED_BIT};
    must(vkCreateImage(device, &create, NULL, &image), "vkCreateImage");
    vkGetImageMemoryRequirements(device, image, &wanted);
    VkMemoryAllocateInfo allocate = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, .allocationSize = wanted.size};
    while (!(wanted.memoryTypeBits >> allocate.memoryTypeIndex & 1))
        allocate.memoryTypeIndex++;
    must(vkAllocateMemory(device, &allocate, NULL, &memory), "vkAllocateMemory");
    must(vkBindImageMemory(device, image, memory, 0), "vkBindImageMemory");
    VkImageViewCreateInfo look = {.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
                                  .image = image,
                                  .viewType = VK_IMAGE_VIEW_TYPE_2D,
                                  .format = create.format,
                                  .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1}};
    must(vkCreateImageView(device, &look, NULL, &view), "vkCreateImageView");
}

static void make_pass(void)
{
    VkAttachmentDescription attachment = {.format = VK_FORMAT_R8G8B8A8_UNORM,
                                          .samples = VK_SAMPLE_COUNT_1_BIT,
                                          .loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR,
                                          .storeOp = VK_ATTACHMENT_STORE_OP_STORE,
                                          .stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE,
                                          .stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE,
                                          .finalLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    VkAttachmentReference reference = {0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    VkSubpassDescription subpass = {
        .pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS, .colorAttachmentCount = 1, .pColorAttachments = &reference};
    /* The frame before may still be converted: its barrier orders what follows in any stage, and this takes it up. */
    VkSubpassDependency dependency = {.srcSubpass = VK_SUBPASS_EXTERNAL,
                                      .srcStageMask = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT,
                                      .dstStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT,
                                      .srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
                                      .dstAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT};
    VkRenderPassCreateInfo create = {.sType = VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO,
                                     .attachmentCount = 1,
                                     .pAttachments = &attachment,
                                     .subpassCount = 1,
                                     .pSubpasses = &subpass,
                                     .dependencyCount = 1,
                                     .pDependencies = &dependency};
    must(vkCreateRenderPass(device, &create, NULL, &pass), "vkCreateRenderPass");
    VkFramebufferCreateInfo frame = {.sType = VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO,
                                     .renderPass = pass,
                                     .attachmentCount = 1,
                                     .pAttachments = &view,
                                     .width = WIDTH,
                                     .height = HEIGHT,
                                     .layers = 1};
    must(vkCreateFramebuffer(device, &frame, NULL, &framebuffer), "vkCreateFramebuffer");
}

static void make_commands(void)
{
    VkCommandPoolCreateInfo create = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                      .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                      .queueFamilyIndex = family};
    must(vkCreateCommandPool(device, &create, NULL, &pool), "vkCreateCommandPool");
    VkCommandBufferAllocateInfo allocate = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                            .commandPool = pool,
                                            .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                            .commandBufferCount = 1};
    must(vkAllocateCommandBuffers(device, &allocate, &commands), "vkAllocateCommandBuffers");
    VkFenceCreateInfo signalled = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, .flags = VK_FENCE_CREATE_SIGNALED_BIT};
    must(vkCreateFence(device, &signalled, NULL, &fence), "vkCreateFence");
}

/* Eight bars on a background that changes. */
static void render(int frame)
{
    VkClearValue background = {.color.float32 = {0.2f, 0.2f, (float)frame / FRAMES, 1}};
    VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    VkRenderPassBeginInfo start = {.sType = VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO,
                                   .renderPass = pass,
                                   .framebuffer = framebuffer,
                                   .renderArea = {{0, 0}, {WIDTH, HEIGHT}},
                                   .clearValueCount = 1,
                                   .pClearValues = &background};
    VkSubmitInfo submit = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &commands};
    must(vkWaitForFences(device, 1, &fence, VK_TRUE, UINT64_MAX), "vkWaitForFences"); /* of the commands, not of the conversion */
    must(vkResetFences(device, 1, &fence), "vkResetFences");
    must(vkBeginCommandBuffer(commands, &begin), "vkBeginCommandBuffer");
    vkCmdBeginRenderPass(commands, &start, VK_SUBPASS_CONTENTS_INLINE);
    for (int bar = 0; bar < 8; bar++) {
        VkClearAttachment colour = {
            VK_IMAGE_ASPECT_COLOR_BIT, 0, {.color.float32 = {(float)(bar & 1), (float)(bar >> 1 & 1), (float)(bar >> 2), 1}}};
        VkClearRect place = {{{(bar * 80 + 2 * frame) % (WIDTH - 40), 30 + bar * 8}, {40, HEIGHT - 120}}, 0, 1};
        vkCmdClearAttachments(commands, 1, &colour, 1, &place);
    }
    vkCmdEndRenderPass(commands);
    must(vkEndCommandBuffer(commands), "vkEndCommandBuffer");
    must(vkQueueSubmit(queue, 1, &submit, fence), "vkQueueSubmit");
}

static void print(void *opaque, int level, const char *message)
{
    (void)opaque;
    if (level <= PIXFER_LOG_INFO)
        fprintf(stderr, "%s\n", message);
}

int main(int argc, char **argv)
{
    struct pixfer_exporter *e;
    struct pixfer_exporter_stats stats = PIXFER_EXPORTER_STATS();

    open_device();
    make_image();
    make_pass();
    make_commands();
    enum pixfer_result result =
        pixfer_exporter_open(&e, argc > 1 ? argv[1] : "offscreen.mp4",
                             &PIXFER_EXPORTER_PARAMS(.format = PIXFER_FORMAT_RGBA, .width = WIDTH, .height = HEIGHT,
                                                     .fps_num = FPS, .overwrite = 1, .log = print));
    if (result == PIXFER_OK)
        result = pixfer_exporter_attach_vulkan(
            e, &PIXFER_VULKAN_PARAMS(.get_instance_proc_addr = vkGetInstanceProcAddr, .instance = instance,
                                     .physical_device = gpu, .device = device, .queue_family = family, .queue = queue));
    for (int i = 0; i < FRAMES && result == PIXFER_OK; i++) {
        render(i);
        result = pixfer_exporter_push_vulkan(e,
                                             &PIXFER_VULKAN_SOURCE(.image = image, .format = VK_FORMAT_R8G8B8A8_UNORM,
                                                                   .layout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL),
                                             NULL, i);
    }
    if (e && result == PIXFER_OK)
        result = pixfer_exporter_finish(e, &stats);
    printf("%s: %llu frames, %.0f a second, converted by %s\n", pixfer_strerror(result), (unsigned long long)stats.frames,
           stats.fps, stats.backend_name);
    pixfer_exporter_close(&e); /* before the device goes */

    vkDeviceWaitIdle(device);
    vkDestroyFence(device, fence, NULL);
    vkDestroyCommandPool(device, pool, NULL);
    vkDestroyFramebuffer(device, framebuffer, NULL);
    vkDestroyRenderPass(device, pass, NULL);
    vkDestroyImageView(device, view, NULL);
    vkDestroyImage(device, image, NULL);
    vkFreeMemory(device, memory, NULL);
    vkDestroyDevice(device, NULL);
    vkDestroyInstance(instance, NULL);
    return result == PIXFER_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
