// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
// Made by scripts/shaders from convert.hlsl; changes belong there.
#include <metal_stdlib>
#include <simd/simd.h>

using namespace metal;

struct _7
{
    uint _m0[1];
};

struct _8
{
    uint4 _m0;
    uint4 _m1;
    uint4 _m2;
    uint4 _m3;
    uint4 _m4;
    uint4 _m5;
};

kernel void to_images(const device _7& _56 [[buffer(0)]], constant _8& _80 [[buffer(1)]], texture2d<float, access::write> _453 [[texture(0)]], texture2d<float, access::write> _481 [[texture(1)]], uint3 gl_GlobalInvocationID [[thread_position_in_grid]])
{
    do
    {
        bool _520 = gl_GlobalInvocationID.z == 0u;
        uint _581 = (_80._m0.z >> uint(4)) & 1u;
        uint _585 = (_80._m0.z >> uint(5)) & 1u;
        uint2 _586 = uint2(_581, _585);
        uint2 _526 = select((_80._m0.xy + _586) >> _586, _80._m0.xy, bool2(_520));
        if ((gl_GlobalInvocationID.x >= _526.x) || (gl_GlobalInvocationID.y >= _526.y))
        {
            break;
        }
        if (_520)
        {
            uint3 _1084;
            do
            {
                uint3 _657 = (_80._m4.xyz + (uint3(gl_GlobalInvocationID.y) * _80._m5.xyz)) + uint3(gl_GlobalInvocationID.x * (_80._m0.z & 7u));
                if (((_80._m0.z >> uint(3)) & 1u) != 0u)
                {
                    _1084 = (uint3(_56._m0[int((_657.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_657 & uint3(3u)))) & uint3(255u);
                    break;
                }
                uint _679 = _657.x;
                uint _682 = _657.y;
                uint _685 = _657.z;
                _1084 = uint3((_56._m0[int((_679 & 4294967292u) >> uint(2))] >> (8u * (_679 & 3u))) & 255u, (_56._m0[int((_682 & 4294967292u) >> uint(2))] >> (8u * (_682 & 3u))) & 255u, (_56._m0[int((_685 & 4294967292u) >> uint(2))] >> (8u * (_685 & 3u))) & 255u);
                break;
            } while(false);
            uint _631 = min((((((_80._m1.x * _1084.x) + (_80._m1.y * _1084.y)) + (_80._m1.z * _1084.z)) + _80._m1.w) / _80._m4.w), _80._m0.w);
            _453.write(float4((((_80._m0.z >> uint(10)) & 1u) != 0u) ? (float(_631 << uint(6)) * 1.525902189314365386962890625e-05) : (float(_631) * 0.0039215688593685626983642578125)), uint2(gl_GlobalInvocationID.xy));
        }
        else
        {
            int _796 = int(gl_GlobalInvocationID.x << _581);
            int _803 = int(gl_GlobalInvocationID.y << _585);
            int _809 = -int((_80._m0.z >> uint(6)) & 1u);
            int _814 = int(_581);
            int _820 = -int((_80._m0.z >> uint(7)) & 1u);
            int _825 = int(_585);
            int _829 = int(_80._m0.x) - 1;
            int _833 = int(_80._m0.y) - 1;
            uint3 _1077;
            _1077 = uint3(0u);
            uint3 _1083;
            for (int _1076 = _820; _1076 <= _825; _1077 = _1083, _1076++)
            {
                uint _846 = uint(clamp(_803 + _1076, 0, _833));
                uint _852 = ((_820 != 0) && (_1076 == 0)) ? 2u : 1u;
                _1083 = _1077;
                uint3 _880;
                for (int _1078 = _809; _1078 <= _814; _1083 = _880, _1078++)
                {
                    uint3 _1080;
                    do
                    {
                        uint3 _915 = (_80._m4.xyz + (uint3(_846) * _80._m5.xyz)) + uint3(uint(clamp(_796 + _1078, 0, _829)) * (_80._m0.z & 7u));
                        if (((_80._m0.z >> uint(3)) & 1u) != 0u)
                        {
                            _1080 = (uint3(_56._m0[int((_915.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_915 & uint3(3u)))) & uint3(255u);
                            break;
                        }
                        uint _937 = _915.x;
                        uint _940 = _915.y;
                        uint _943 = _915.z;
                        _1080 = uint3((_56._m0[int((_937 & 4294967292u) >> uint(2))] >> (8u * (_937 & 3u))) & 255u, (_56._m0[int((_940 & 4294967292u) >> uint(2))] >> (8u * (_940 & 3u))) & 255u, (_56._m0[int((_943 & 4294967292u) >> uint(2))] >> (8u * (_943 & 3u))) & 255u);
                        break;
                    } while(false);
                    _880 = _1083 + (_1080 * uint3(((_809 != 0) && (_1078 == 0)) ? (2u * _852) : _852));
                }
            }
            uint2 _762 = uint2(min((((((_80._m2.x * _1077.x) + (_80._m2.y * _1077.y)) - ((_80._m2.x + _80._m2.y) * _1077.z)) + _80._m2.z) / _80._m2.w), _80._m0.w), min((((((_80._m3.x * _1077.x) + (_80._m3.y * _1077.y)) - ((_80._m3.x + _80._m3.y) * _1077.z)) + _80._m3.z) / _80._m3.w), _80._m0.w));
            uint2 _772 = select(_762, _762.yx, bool2(((_80._m0.z >> uint(9)) & 1u) != 0u));
            uint _561 = _772.x;
            bool _1052 = ((_80._m0.z >> uint(10)) & 1u) != 0u;
            uint _564 = _772.y;
            _481.write(float2(_1052 ? (float(_561 << uint(6)) * 1.525902189314365386962890625e-05) : (float(_561) * 0.0039215688593685626983642578125), _1052 ? (float(_564 << uint(6)) * 1.525902189314365386962890625e-05) : (float(_564) * 0.0039215688593685626983642578125)).xyyy, uint2(gl_GlobalInvocationID.xy));
        }
        break;
    } while(false);
}

