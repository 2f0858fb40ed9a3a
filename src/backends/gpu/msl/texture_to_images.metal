// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
// Made by scripts/shaders from convert.hlsl; changes belong there.
#include <metal_stdlib>
#include <simd/simd.h>

using namespace metal;

struct _6
{
    uint4 _m0;
    uint4 _m1;
    uint4 _m2;
    uint4 _m3;
    uint4 _m4;
};

kernel void to_images(constant _6& _56 [[buffer(0)]], texture2d<float> _51 [[texture(0)]], texture2d<float, access::write> _413 [[texture(1)]], texture2d<float, access::write> _441 [[texture(2)]], uint3 gl_GlobalInvocationID [[thread_position_in_grid]])
{
    do
    {
        bool _475 = gl_GlobalInvocationID.z == 0u;
        uint _536 = (_56._m0.z >> uint(4)) & 1u;
        uint _540 = (_56._m0.z >> uint(5)) & 1u;
        uint2 _541 = uint2(_536, _540);
        uint2 _481 = select((_56._m0.xy + _541) >> _541, _56._m0.xy, bool2(_475));
        if ((gl_GlobalInvocationID.x >= _481.x) || (gl_GlobalInvocationID.y >= _481.y))
        {
            break;
        }
        if (_475)
        {
            uint3 _619 = uint3((_51.read(uint2(int3(int(gl_GlobalInvocationID.x + _56._m4.x), int(gl_GlobalInvocationID.y + _56._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5));
            uint _586 = min((((((_56._m1.x * _619.x) + (_56._m1.y * _619.y)) + (_56._m1.z * _619.z)) + _56._m1.w) / _56._m4.w), _56._m0.w);
            _413.write(float4((((_56._m0.z >> uint(10)) & 1u) != 0u) ? (float(_586 << uint(6)) * 1.525902189314365386962890625e-05) : (float(_586) * 0.0039215688593685626983642578125)), uint2(gl_GlobalInvocationID.xy));
        }
        else
        {
            int _690 = int(gl_GlobalInvocationID.x << _536);
            int _697 = int(gl_GlobalInvocationID.y << _540);
            int _703 = -int((_56._m0.z >> uint(6)) & 1u);
            int _708 = int(_536);
            int _714 = -int((_56._m0.z >> uint(7)) & 1u);
            int _719 = int(_540);
            int _723 = int(_56._m0.x) - 1;
            int _727 = int(_56._m0.y) - 1;
            uint3 _910;
            _910 = uint3(0u);
            uint3 _913;
            for (int _909 = _714; _909 <= _719; _910 = _913, _909++)
            {
                uint _740 = uint(clamp(_697 + _909, 0, _727));
                uint _746 = ((_714 != 0) && (_909 == 0)) ? 2u : 1u;
                _913 = _910;
                for (int _911 = _703; _911 <= _708; )
                {
                    _913 += (uint3((_51.read(uint2(int3(int(uint(clamp(_690 + _911, 0, _723)) + _56._m4.x), int(_740 + _56._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5)) * uint3(((_703 != 0) && (_911 == 0)) ? (2u * _746) : _746));
                    _911++;
                    continue;
                }
            }
            uint2 _656 = uint2(min((((((_56._m2.x * _910.x) + (_56._m2.y * _910.y)) - ((_56._m2.x + _56._m2.y) * _910.z)) + _56._m2.z) / _56._m2.w), _56._m0.w), min((((((_56._m3.x * _910.x) + (_56._m3.y * _910.y)) - ((_56._m3.x + _56._m3.y) * _910.z)) + _56._m3.z) / _56._m3.w), _56._m0.w));
            uint2 _666 = select(_656, _656.yx, bool2(((_56._m0.z >> uint(9)) & 1u) != 0u));
            uint _516 = _666.x;
            bool _885 = ((_56._m0.z >> uint(10)) & 1u) != 0u;
            uint _519 = _666.y;
            _441.write(float2(_885 ? (float(_516 << uint(6)) * 1.525902189314365386962890625e-05) : (float(_516) * 0.0039215688593685626983642578125), _885 ? (float(_519 << uint(6)) * 1.525902189314365386962890625e-05) : (float(_519) * 0.0039215688593685626983642578125)).xyyy, uint2(gl_GlobalInvocationID.xy));
        }
        break;
    } while(false);
}

