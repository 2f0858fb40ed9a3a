// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
// Made by scripts/shaders from convert.hlsl; changes belong there.
#pragma clang diagnostic ignored "-Wunused-variable"

#include <metal_stdlib>
#include <simd/simd.h>
#include <metal_atomic>

using namespace metal;

struct _6
{
    uint4 _m0;
    uint4 _m1;
    uint4 _m2;
    uint4 _m3;
    uint4 _m4;
    char _m5_pad[16];
    uint4 _m5;
    uint4 _m6;
};

struct _8
{
    uint _m0[1];
};

kernel void to_buffer(constant _6& _67 [[buffer(0)]], device _8& _700 [[buffer(1)]], texture2d<float> _62 [[texture(0)]], uint3 gl_GlobalInvocationID [[thread_position_in_grid]])
{
    do
    {
        uint _930 = (_67._m0.z >> uint(4)) & 1u;
        uint _934 = (_67._m0.z >> uint(5)) & 1u;
        uint2 _935 = uint2(_930, _934);
        uint2 _946 = (_67._m0.xy + _935) >> _935;
        bool _789 = gl_GlobalInvocationID.z == 0u;
        bool _796 = ((_67._m0.z >> uint(8)) & 1u) != 0u;
        uint _798 = _946.x;
        bool _816 = gl_GlobalInvocationID.z == 1u;
        uint _840 = (_789 ? _67._m5.x : (_816 ? _67._m5.y : _67._m5.z)) + (gl_GlobalInvocationID.y * (_789 ? _67._m6.x : (_816 ? _67._m6.y : _67._m6.z)));
        uint _845 = (_67._m0.z >> uint(10)) & 1u;
        int _847 = int((_789 ? _67._m0.x : (_796 ? (_798 * 2u) : _798)) << _845);
        uint _850 = gl_GlobalInvocationID.x * 4u;
        int _855 = int(_850) - int(_840 & 3u);
        if ((gl_GlobalInvocationID.y >= (_789 ? _67._m0.y : _946.y)) || (_855 >= _847))
        {
            break;
        }
        uint _2113;
        do
        {
            int _967 = 1 << int(_845);
            int _978 = 2 * _967;
            if (((gl_GlobalInvocationID.z != 0u) && _796) && ((_855 & (_978 - 1)) == 0))
            {
                uint _2112;
                _2112 = 0u;
                uint _2123;
                for (int _2111 = 0; _2111 < 4; _2112 = _2123, _2111 += _978)
                {
                    int _991 = _855 + _2111;
                    if (_991 < _847)
                    {
                        int _1148 = int((uint(_991) / uint(_978)) << _930);
                        int _1155 = int(gl_GlobalInvocationID.y << _934);
                        int _1161 = -int((_67._m0.z >> uint(6)) & 1u);
                        int _1166 = int(_930);
                        int _1172 = -int((_67._m0.z >> uint(7)) & 1u);
                        int _1177 = int(_934);
                        int _1181 = int(_67._m0.x) - 1;
                        int _1185 = int(_67._m0.y) - 1;
                        uint3 _2115;
                        _2115 = uint3(0u);
                        uint3 _2121;
                        for (int _2114 = _1172; _2114 <= _1177; _2115 = _2121, _2114++)
                        {
                            uint _1198 = uint(clamp(_1155 + _2114, 0, _1185));
                            uint _1204 = ((_1172 != 0) && (_2114 == 0)) ? 2u : 1u;
                            _2121 = _2115;
                            for (int _2119 = _1161; _2119 <= _1166; )
                            {
                                _2121 += (uint3((_62.read(uint2(int3(int(uint(clamp(_1148 + _2119, 0, _1181)) + _67._m4.x), int(_1198 + _67._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5)) * uint3(((_1161 != 0) && (_2119 == 0)) ? (2u * _1204) : _1204));
                                _2119++;
                                continue;
                            }
                        }
                        uint2 _1114 = uint2(min((((((_67._m2.x * _2115.x) + (_67._m2.y * _2115.y)) - ((_67._m2.x + _67._m2.y) * _2115.z)) + _67._m2.z) / _67._m2.w), _67._m0.w), min((((((_67._m3.x * _2115.x) + (_67._m3.y * _2115.y)) - ((_67._m3.x + _67._m3.y) * _2115.z)) + _67._m3.z) / _67._m3.w), _67._m0.w));
                        uint2 _1011 = select(_1114, _1114.yx, bool2(((_67._m0.z >> uint(9)) & 1u) != 0u)) << uint2(6u * _845);
                        _2123 = _2112 | ((_1011.x | (_1011.y << uint(8 * _967))) << uint(8 * _2111));
                    }
                    else
                    {
                        _2123 = _2112;
                    }
                }
                _2113 = _2112;
                break;
            }
            int _1038 = -(_855 & (_967 - 1));
            uint _2079;
            _2079 = 0u;
            uint _2122;
            for (int _2078 = _1038; _2078 < 4; _2079 = _2122, _2078 += _967)
            {
                int _1046 = _855 + _2078;
                if ((_1046 >= 0) && (_1046 < _847))
                {
                    uint _1063 = uint(_1046) >> _845;
                    uint _2095;
                    do
                    {
                        if (_789)
                        {
                            uint3 _1471 = uint3((_62.read(uint2(int3(int(_1063 + _67._m4.x), int(gl_GlobalInvocationID.y + _67._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5));
                            _2095 = min((((((_67._m1.x * _1471.x) + (_67._m1.y * _1471.y)) + (_67._m1.z * _1471.z)) + _67._m1.w) / _67._m4.w), _67._m0.w);
                            break;
                        }
                        if (_796)
                        {
                            int _1527 = int((_1063 >> uint(1)) << _930);
                            int _1534 = int(gl_GlobalInvocationID.y << _934);
                            int _1540 = -int((_67._m0.z >> uint(6)) & 1u);
                            int _1545 = int(_930);
                            int _1551 = -int((_67._m0.z >> uint(7)) & 1u);
                            int _1556 = int(_934);
                            int _1560 = int(_67._m0.x) - 1;
                            int _1564 = int(_67._m0.y) - 1;
                            uint3 _2091;
                            _2091 = uint3(0u);
                            uint3 _2094;
                            for (int _2090 = _1551; _2090 <= _1556; _2091 = _2094, _2090++)
                            {
                                uint _1577 = uint(clamp(_1534 + _2090, 0, _1564));
                                uint _1583 = ((_1551 != 0) && (_2090 == 0)) ? 2u : 1u;
                                _2094 = _2091;
                                for (int _2092 = _1540; _2092 <= _1545; )
                                {
                                    _2094 += (uint3((_62.read(uint2(int3(int(uint(clamp(_1527 + _2092, 0, _1560)) + _67._m4.x), int(_1577 + _67._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5)) * uint3(((_1540 != 0) && (_2092 == 0)) ? (2u * _1583) : _1583));
                                    _2092++;
                                    continue;
                                }
                            }
                            uint2 _1493 = uint2(min((((((_67._m2.x * _2091.x) + (_67._m2.y * _2091.y)) - ((_67._m2.x + _67._m2.y) * _2091.z)) + _67._m2.z) / _67._m2.w), _67._m0.w), min((((((_67._m3.x * _2091.x) + (_67._m3.y * _2091.y)) - ((_67._m3.x + _67._m3.y) * _2091.z)) + _67._m3.z) / _67._m3.w), _67._m0.w));
                            uint2 _1503 = select(_1493, _1493.yx, bool2(((_67._m0.z >> uint(9)) & 1u) != 0u));
                            _2095 = ((_1063 & 1u) != 0u) ? _1503.y : _1503.x;
                            break;
                        }
                        if (_816 != (((_67._m0.z >> uint(9)) & 1u) != 0u))
                        {
                            int _1739 = int(_1063 << _930);
                            int _1746 = int(gl_GlobalInvocationID.y << _934);
                            int _1752 = -int((_67._m0.z >> uint(6)) & 1u);
                            int _1757 = int(_930);
                            int _1763 = -int((_67._m0.z >> uint(7)) & 1u);
                            int _1768 = int(_934);
                            int _1772 = int(_67._m0.x) - 1;
                            int _1776 = int(_67._m0.y) - 1;
                            uint3 _2086;
                            _2086 = uint3(0u);
                            uint3 _2089;
                            for (int _2085 = _1763; _2085 <= _1768; _2086 = _2089, _2085++)
                            {
                                uint _1789 = uint(clamp(_1746 + _2085, 0, _1776));
                                uint _1795 = ((_1763 != 0) && (_2085 == 0)) ? 2u : 1u;
                                _2089 = _2086;
                                for (int _2087 = _1752; _2087 <= _1757; )
                                {
                                    _2089 += (uint3((_62.read(uint2(int3(int(uint(clamp(_1739 + _2087, 0, _1772)) + _67._m4.x), int(_1789 + _67._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5)) * uint3(((_1752 != 0) && (_2087 == 0)) ? (2u * _1795) : _1795));
                                    _2087++;
                                    continue;
                                }
                            }
                            _2095 = min((((((_67._m2.x * _2086.x) + (_67._m2.y * _2086.y)) - ((_67._m2.x + _67._m2.y) * _2086.z)) + _67._m2.z) / _67._m2.w), _67._m0.w);
                            break;
                        }
                        int _1920 = int(_1063 << _930);
                        int _1927 = int(gl_GlobalInvocationID.y << _934);
                        int _1933 = -int((_67._m0.z >> uint(6)) & 1u);
                        int _1938 = int(_930);
                        int _1944 = -int((_67._m0.z >> uint(7)) & 1u);
                        int _1949 = int(_934);
                        int _1953 = int(_67._m0.x) - 1;
                        int _1957 = int(_67._m0.y) - 1;
                        uint3 _2081;
                        _2081 = uint3(0u);
                        uint3 _2084;
                        for (int _2080 = _1944; _2080 <= _1949; _2081 = _2084, _2080++)
                        {
                            uint _1970 = uint(clamp(_1927 + _2080, 0, _1957));
                            uint _1976 = ((_1944 != 0) && (_2080 == 0)) ? 2u : 1u;
                            _2084 = _2081;
                            for (int _2082 = _1933; _2082 <= _1938; )
                            {
                                _2084 += (uint3((_62.read(uint2(int3(int(uint(clamp(_1920 + _2082, 0, _1953)) + _67._m4.x), int(_1970 + _67._m4.y), 0).xy), 0).xyz * 255.0) + float3(0.5)) * uint3(((_1933 != 0) && (_2082 == 0)) ? (2u * _1976) : _1976));
                                _2082++;
                                continue;
                            }
                        }
                        _2095 = min((((((_67._m3.x * _2081.x) + (_67._m3.y * _2081.y)) - ((_67._m3.x + _67._m3.y) * _2081.z)) + _67._m3.z) / _67._m3.w), _67._m0.w);
                        break;
                    } while(false);
                    uint _1072 = _2095 << (6u * _845);
                    _2122 = _2079 | ((_2078 < 0) ? (_1072 >> uint(8)) : (_1072 << uint(8 * _2078)));
                }
                else
                {
                    _2122 = _2079;
                }
            }
            _2113 = _2079;
            break;
        } while(false);
        uint _877 = (_840 & 4294967292u) + _850;
        int _881 = _855 + 4;
        if ((_855 >= 0) && (_881 <= _847))
        {
            _700._m0[int(_877 >> uint(2))] = _2113;
        }
        else
        {
            uint _906 = (4294967295u << uint(8 * max((-_855), 0))) & (4294967295u >> uint(8 * max((_881 - _847), 0)));
            int _908 = int(_877 >> uint(2));
            uint _912 = atomic_fetch_and_explicit((device atomic_uint*)&_700._m0[_908], ~_906, memory_order_relaxed);
            uint _919 = atomic_fetch_or_explicit((device atomic_uint*)&_700._m0[_908], _2113 & _906, memory_order_relaxed);
        }
        break;
    } while(false);
}

