// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT
// Made by scripts/shaders from convert.hlsl; changes belong there.
#pragma clang diagnostic ignored "-Wunused-variable"

#include <metal_stdlib>
#include <simd/simd.h>
#include <metal_atomic>

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
    uint4 _m6;
    uint4 _m7;
};

struct _10
{
    uint _m0[1];
};

kernel void to_buffer(const device _7& _66 [[buffer(0)]], constant _8& _89 [[buffer(1)]], device _10& _737 [[buffer(2)]], uint3 gl_GlobalInvocationID [[thread_position_in_grid]])
{
    do
    {
        uint _971 = (_89._m0.z >> uint(4)) & 1u;
        uint _975 = (_89._m0.z >> uint(5)) & 1u;
        uint2 _976 = uint2(_971, _975);
        uint2 _987 = (_89._m0.xy + _976) >> _976;
        bool _830 = gl_GlobalInvocationID.z == 0u;
        bool _837 = ((_89._m0.z >> uint(8)) & 1u) != 0u;
        uint _839 = _987.x;
        bool _857 = gl_GlobalInvocationID.z == 1u;
        uint _881 = (_830 ? _89._m6.x : (_857 ? _89._m6.y : _89._m6.z)) + (gl_GlobalInvocationID.y * (_830 ? _89._m7.x : (_857 ? _89._m7.y : _89._m7.z)));
        uint _886 = (_89._m0.z >> uint(10)) & 1u;
        int _888 = int((_830 ? _89._m0.x : (_837 ? (_839 * 2u) : _839)) << _886);
        uint _891 = gl_GlobalInvocationID.x * 4u;
        int _896 = int(_891) - int(_881 & 3u);
        if ((gl_GlobalInvocationID.y >= (_830 ? _89._m0.y : _987.y)) || (_896 >= _888))
        {
            break;
        }
        uint _2477;
        do
        {
            int _1008 = 1 << int(_886);
            int _1019 = 2 * _1008;
            if (((gl_GlobalInvocationID.z != 0u) && _837) && ((_896 & (_1019 - 1)) == 0))
            {
                uint _2476;
                _2476 = 0u;
                uint _2493;
                for (int _2475 = 0; _2475 < 4; _2476 = _2493, _2475 += _1019)
                {
                    int _1032 = _896 + _2475;
                    if (_1032 < _888)
                    {
                        int _1189 = int((uint(_1032) / uint(_1019)) << _971);
                        int _1196 = int(gl_GlobalInvocationID.y << _975);
                        int _1202 = -int((_89._m0.z >> uint(6)) & 1u);
                        int _1207 = int(_971);
                        int _1213 = -int((_89._m0.z >> uint(7)) & 1u);
                        int _1218 = int(_975);
                        int _1222 = int(_89._m0.x) - 1;
                        int _1226 = int(_89._m0.y) - 1;
                        uint3 _2479;
                        _2479 = uint3(0u);
                        uint3 _2488;
                        for (int _2478 = _1213; _2478 <= _1218; _2479 = _2488, _2478++)
                        {
                            uint _1239 = uint(clamp(_1196 + _2478, 0, _1226));
                            uint _1245 = ((_1213 != 0) && (_2478 == 0)) ? 2u : 1u;
                            _2488 = _2479;
                            uint3 _1273;
                            for (int _2483 = _1202; _2483 <= _1207; _2488 = _1273, _2483++)
                            {
                                uint3 _2485;
                                do
                                {
                                    uint3 _1308 = (_89._m4.xyz + (uint3(_1239) * _89._m5.xyz)) + uint3(uint(clamp(_1189 + _2483, 0, _1222)) * (_89._m0.z & 7u));
                                    if (((_89._m0.z >> uint(3)) & 1u) != 0u)
                                    {
                                        _2485 = (uint3(_66._m0[int((_1308.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_1308 & uint3(3u)))) & uint3(255u);
                                        break;
                                    }
                                    _2485 = uint3((_66._m0[int((_1308.x & 4294967292u) >> uint(2))] >> (8u * (_1308.x & 3u))) & 255u, (_66._m0[int((_1308.y & 4294967292u) >> uint(2))] >> (8u * (_1308.y & 3u))) & 255u, (_66._m0[int((_1308.z & 4294967292u) >> uint(2))] >> (8u * (_1308.z & 3u))) & 255u);
                                    break;
                                } while(false);
                                _1273 = _2488 + (_2485 * uint3(((_1202 != 0) && (_2483 == 0)) ? (2u * _1245) : _1245));
                            }
                        }
                        uint2 _1155 = uint2(min((((((_89._m2.x * _2479.x) + (_89._m2.y * _2479.y)) - ((_89._m2.x + _89._m2.y) * _2479.z)) + _89._m2.z) / _89._m2.w), _89._m0.w), min((((((_89._m3.x * _2479.x) + (_89._m3.y * _2479.y)) - ((_89._m3.x + _89._m3.y) * _2479.z)) + _89._m3.z) / _89._m3.w), _89._m0.w));
                        uint2 _1052 = select(_1155, _1155.yx, bool2(((_89._m0.z >> uint(9)) & 1u) != 0u)) << uint2(6u * _886);
                        _2493 = _2476 | ((_1052.x | (_1052.y << uint(8 * _1008))) << uint(8 * _2475));
                    }
                    else
                    {
                        _2493 = _2476;
                    }
                }
                _2477 = _2476;
                break;
            }
            int _1079 = -(_896 & (_1008 - 1));
            uint _2425;
            _2425 = 0u;
            uint _2489;
            for (int _2424 = _1079; _2424 < 4; _2425 = _2489, _2424 += _1008)
            {
                int _1087 = _896 + _2424;
                if ((_1087 >= 0) && (_1087 < _888))
                {
                    uint _1104 = uint(_1087) >> _886;
                    uint _2451;
                    do
                    {
                        if (_830)
                        {
                            uint3 _2450;
                            do
                            {
                                uint3 _1566 = (_89._m4.xyz + (uint3(gl_GlobalInvocationID.y) * _89._m5.xyz)) + uint3(_1104 * (_89._m0.z & 7u));
                                if (((_89._m0.z >> uint(3)) & 1u) != 0u)
                                {
                                    _2450 = (uint3(_66._m0[int((_1566.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_1566 & uint3(3u)))) & uint3(255u);
                                    break;
                                }
                                uint _1588 = _1566.x;
                                uint _1591 = _1566.y;
                                uint _1594 = _1566.z;
                                _2450 = uint3((_66._m0[int((_1588 & 4294967292u) >> uint(2))] >> (8u * (_1588 & 3u))) & 255u, (_66._m0[int((_1591 & 4294967292u) >> uint(2))] >> (8u * (_1591 & 3u))) & 255u, (_66._m0[int((_1594 & 4294967292u) >> uint(2))] >> (8u * (_1594 & 3u))) & 255u);
                                break;
                            } while(false);
                            _2451 = min((((((_89._m1.x * _2450.x) + (_89._m1.y * _2450.y)) + (_89._m1.z * _2450.z)) + _89._m1.w) / _89._m4.w), _89._m0.w);
                            break;
                        }
                        if (_837)
                        {
                            int _1690 = int((_1104 >> uint(1)) << _971);
                            int _1697 = int(gl_GlobalInvocationID.y << _975);
                            int _1703 = -int((_89._m0.z >> uint(6)) & 1u);
                            int _1708 = int(_971);
                            int _1714 = -int((_89._m0.z >> uint(7)) & 1u);
                            int _1719 = int(_975);
                            int _1723 = int(_89._m0.x) - 1;
                            int _1727 = int(_89._m0.y) - 1;
                            uint3 _2443;
                            _2443 = uint3(0u);
                            uint3 _2449;
                            for (int _2442 = _1714; _2442 <= _1719; _2443 = _2449, _2442++)
                            {
                                uint _1740 = uint(clamp(_1697 + _2442, 0, _1727));
                                uint _1746 = ((_1714 != 0) && (_2442 == 0)) ? 2u : 1u;
                                _2449 = _2443;
                                uint3 _1774;
                                for (int _2444 = _1703; _2444 <= _1708; _2449 = _1774, _2444++)
                                {
                                    uint3 _2446;
                                    do
                                    {
                                        uint3 _1809 = (_89._m4.xyz + (uint3(_1740) * _89._m5.xyz)) + uint3(uint(clamp(_1690 + _2444, 0, _1723)) * (_89._m0.z & 7u));
                                        if (((_89._m0.z >> uint(3)) & 1u) != 0u)
                                        {
                                            _2446 = (uint3(_66._m0[int((_1809.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_1809 & uint3(3u)))) & uint3(255u);
                                            break;
                                        }
                                        _2446 = uint3((_66._m0[int((_1809.x & 4294967292u) >> uint(2))] >> (8u * (_1809.x & 3u))) & 255u, (_66._m0[int((_1809.y & 4294967292u) >> uint(2))] >> (8u * (_1809.y & 3u))) & 255u, (_66._m0[int((_1809.z & 4294967292u) >> uint(2))] >> (8u * (_1809.z & 3u))) & 255u);
                                        break;
                                    } while(false);
                                    _1774 = _2449 + (_2446 * uint3(((_1703 != 0) && (_2444 == 0)) ? (2u * _1746) : _1746));
                                }
                            }
                            uint2 _1656 = uint2(min((((((_89._m2.x * _2443.x) + (_89._m2.y * _2443.y)) - ((_89._m2.x + _89._m2.y) * _2443.z)) + _89._m2.z) / _89._m2.w), _89._m0.w), min((((((_89._m3.x * _2443.x) + (_89._m3.y * _2443.y)) - ((_89._m3.x + _89._m3.y) * _2443.z)) + _89._m3.z) / _89._m3.w), _89._m0.w));
                            uint2 _1666 = select(_1656, _1656.yx, bool2(((_89._m0.z >> uint(9)) & 1u) != 0u));
                            _2451 = ((_1104 & 1u) != 0u) ? _1666.y : _1666.x;
                            break;
                        }
                        if (_857 != (((_89._m0.z >> uint(9)) & 1u) != 0u))
                        {
                            int _1963 = int(_1104 << _971);
                            int _1970 = int(gl_GlobalInvocationID.y << _975);
                            int _1976 = -int((_89._m0.z >> uint(6)) & 1u);
                            int _1981 = int(_971);
                            int _1987 = -int((_89._m0.z >> uint(7)) & 1u);
                            int _1992 = int(_975);
                            int _1996 = int(_89._m0.x) - 1;
                            int _2000 = int(_89._m0.y) - 1;
                            uint3 _2435;
                            _2435 = uint3(0u);
                            uint3 _2441;
                            for (int _2434 = _1987; _2434 <= _1992; _2435 = _2441, _2434++)
                            {
                                uint _2013 = uint(clamp(_1970 + _2434, 0, _2000));
                                uint _2019 = ((_1987 != 0) && (_2434 == 0)) ? 2u : 1u;
                                _2441 = _2435;
                                uint3 _2047;
                                for (int _2436 = _1976; _2436 <= _1981; _2441 = _2047, _2436++)
                                {
                                    uint3 _2438;
                                    do
                                    {
                                        uint3 _2082 = (_89._m4.xyz + (uint3(_2013) * _89._m5.xyz)) + uint3(uint(clamp(_1963 + _2436, 0, _1996)) * (_89._m0.z & 7u));
                                        if (((_89._m0.z >> uint(3)) & 1u) != 0u)
                                        {
                                            _2438 = (uint3(_66._m0[int((_2082.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_2082 & uint3(3u)))) & uint3(255u);
                                            break;
                                        }
                                        _2438 = uint3((_66._m0[int((_2082.x & 4294967292u) >> uint(2))] >> (8u * (_2082.x & 3u))) & 255u, (_66._m0[int((_2082.y & 4294967292u) >> uint(2))] >> (8u * (_2082.y & 3u))) & 255u, (_66._m0[int((_2082.z & 4294967292u) >> uint(2))] >> (8u * (_2082.z & 3u))) & 255u);
                                        break;
                                    } while(false);
                                    _2047 = _2441 + (_2438 * uint3(((_1976 != 0) && (_2436 == 0)) ? (2u * _2019) : _2019));
                                }
                            }
                            _2451 = min((((((_89._m2.x * _2435.x) + (_89._m2.y * _2435.y)) - ((_89._m2.x + _89._m2.y) * _2435.z)) + _89._m2.z) / _89._m2.w), _89._m0.w);
                            break;
                        }
                        int _2205 = int(_1104 << _971);
                        int _2212 = int(gl_GlobalInvocationID.y << _975);
                        int _2218 = -int((_89._m0.z >> uint(6)) & 1u);
                        int _2223 = int(_971);
                        int _2229 = -int((_89._m0.z >> uint(7)) & 1u);
                        int _2234 = int(_975);
                        int _2238 = int(_89._m0.x) - 1;
                        int _2242 = int(_89._m0.y) - 1;
                        uint3 _2427;
                        _2427 = uint3(0u);
                        uint3 _2433;
                        for (int _2426 = _2229; _2426 <= _2234; _2427 = _2433, _2426++)
                        {
                            uint _2255 = uint(clamp(_2212 + _2426, 0, _2242));
                            uint _2261 = ((_2229 != 0) && (_2426 == 0)) ? 2u : 1u;
                            _2433 = _2427;
                            uint3 _2289;
                            for (int _2428 = _2218; _2428 <= _2223; _2433 = _2289, _2428++)
                            {
                                uint3 _2430;
                                do
                                {
                                    uint3 _2324 = (_89._m4.xyz + (uint3(_2255) * _89._m5.xyz)) + uint3(uint(clamp(_2205 + _2428, 0, _2238)) * (_89._m0.z & 7u));
                                    if (((_89._m0.z >> uint(3)) & 1u) != 0u)
                                    {
                                        _2430 = (uint3(_66._m0[int((_2324.x & 4294967292u) >> uint(2))]) >> (uint3(8u) * (_2324 & uint3(3u)))) & uint3(255u);
                                        break;
                                    }
                                    _2430 = uint3((_66._m0[int((_2324.x & 4294967292u) >> uint(2))] >> (8u * (_2324.x & 3u))) & 255u, (_66._m0[int((_2324.y & 4294967292u) >> uint(2))] >> (8u * (_2324.y & 3u))) & 255u, (_66._m0[int((_2324.z & 4294967292u) >> uint(2))] >> (8u * (_2324.z & 3u))) & 255u);
                                    break;
                                } while(false);
                                _2289 = _2433 + (_2430 * uint3(((_2218 != 0) && (_2428 == 0)) ? (2u * _2261) : _2261));
                            }
                        }
                        _2451 = min((((((_89._m3.x * _2427.x) + (_89._m3.y * _2427.y)) - ((_89._m3.x + _89._m3.y) * _2427.z)) + _89._m3.z) / _89._m3.w), _89._m0.w);
                        break;
                    } while(false);
                    uint _1113 = _2451 << (6u * _886);
                    _2489 = _2425 | ((_2424 < 0) ? (_1113 >> uint(8)) : (_1113 << uint(8 * _2424)));
                }
                else
                {
                    _2489 = _2425;
                }
            }
            _2477 = _2425;
            break;
        } while(false);
        uint _918 = (_881 & 4294967292u) + _891;
        int _922 = _896 + 4;
        if ((_896 >= 0) && (_922 <= _888))
        {
            _737._m0[int(_918 >> uint(2))] = _2477;
        }
        else
        {
            uint _947 = (4294967295u << uint(8 * max((-_896), 0))) & (4294967295u >> uint(8 * max((_922 - _888), 0)));
            int _949 = int(_918 >> uint(2));
            uint _953 = atomic_fetch_and_explicit((device atomic_uint*)&_737._m0[_949], ~_947, memory_order_relaxed);
            uint _960 = atomic_fetch_or_explicit((device atomic_uint*)&_737._m0[_949], _2477 & _947, memory_order_relaxed);
        }
        break;
    } while(false);
}

