/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* dxbc COMPILER.DLL SOURCE ENTRY PROFILE OUT [MACRO]...: one shader with Microsoft's compiler. For scripts/shaders, which runs it under Wine. */

#define COBJMACROS
#include <windows.h>

#include <d3dcompiler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef HRESULT(WINAPI *strip_call)(const void *code, SIZE_T size, UINT flags, ID3DBlob **out);

static char *read_text(const char *name, size_t *size)
{
    FILE *f = fopen(name, "rb");
    char *text = malloc(1 << 20);

    *size = f && text ? fread(text, 1, 1 << 20, f) : 0;
    if (f)
        fclose(f);
    return text;
}

int main(int argc, char **argv)
{
    D3D_SHADER_MACRO macros[16] = {{NULL, NULL}};
    ID3DBlob *code = NULL, *errors = NULL, *bare = NULL;
    size_t size = 0;

    if (argc < 6 || argc - 6 >= 16) {
        fprintf(stderr, "dxbc: expected COMPILER.DLL SOURCE ENTRY PROFILE OUT [MACRO]...\n");
        return 2;
    }
    HMODULE library = LoadLibraryA(argv[1]);
    char *text = read_text(argv[2], &size);
    pD3DCompile compile = library ? (pD3DCompile)(void *)GetProcAddress(library, "D3DCompile") : NULL;
    strip_call strip = library ? (strip_call)(void *)GetProcAddress(library, "D3DStripShader") : NULL;
    if (!compile || !strip || !size) {
        fprintf(stderr, "dxbc: %s\n", size ? "the compiler cannot be loaded" : "the source cannot be read");
        return 1;
    }
    for (int i = 6; i < argc; i++)
        macros[i - 6] = (D3D_SHADER_MACRO){argv[i], "1"};
    HRESULT result =
        compile(text, size, "convert.hlsl", macros, NULL, argv[3], argv[4], D3DCOMPILE_OPTIMIZATION_LEVEL3, 0, &code, &errors);
    if (errors && FAILED(result)) /* its warnings are of functions that return early */
        fprintf(stderr, "%.*s", (int)ID3D10Blob_GetBufferSize(errors), (const char *)ID3D10Blob_GetBufferPointer(errors));
    if (SUCCEEDED(result)) /* no names of variables, no debugging */
        result = strip(ID3D10Blob_GetBufferPointer(code), ID3D10Blob_GetBufferSize(code), 1 | 2 | 4, &bare);
    FILE *out = SUCCEEDED(result) ? fopen(argv[5], "wb") : NULL;
    if (!out || fwrite(ID3D10Blob_GetBufferPointer(bare), ID3D10Blob_GetBufferSize(bare), 1, out) != 1 || fclose(out)) {
        fprintf(stderr, "dxbc: %s for %s: 0x%lx\n", argv[3], argv[4], (unsigned long)result);
        return 1;
    }
    return 0;
}
