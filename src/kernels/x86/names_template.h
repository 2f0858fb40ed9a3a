/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* The names that strip_template.h and the vectors below it have once for each instruction set: NAMED(name) makes them unique, so that
 * all kernels may stand in one file (scripts/amalgamate). Without NAMED they are names as any again. */

#undef add_sums
#undef block
#undef block_loop
#undef chroma_products
#undef column
#undef columns
#undef constants
#undef convert_block
#undef convert_blocks
#undef convert_rest
#undef convert_strip
#undef d_add
#undef d_even
#undef d_fma
#undef d_mul
#undef d_odd
#undef d_set1
#undef d_sub
#undef deep_add
#undef deep_block
#undef deep_blocks
#undef deep_chroma
#undef deep_column
#undef deep_constants
#undef deep_dot
#undef deep_find_kernel
#undef deep_finish
#undef deep_load_constants
#undef deep_load_scale
#undef deep_loop
#undef deep_loops
#undef deep_luma
#undef deep_out
#undef deep_pixel
#undef deep_prefetch
#undef deep_put
#undef deep_put_block
#undef deep_repeats
#undef deep_rest
#undef deep_round
#undef deep_scale
#undef deep_strip
#undef deep_sums
#undef deep_words
#undef filter_columns
#undef find_kernel
#undef from_halves
#undef has_left_tap
#undef is_aligned
#undef join
#undef load_columns
#undef load_constants
#undef load_row
#undef loops
#undef luma_products
#undef may_stream
#undef outputs
#undef pack_chroma
#undef pack_chroma_444
#undef pack_luma
#undef packed
#undef packing
#undef pixel_at
#undef pixel_bytes
#undef prefetch
#undef products
#undef put
#undef put_block
#undef put_full
#undef put_row
#undef put_subsampled
#undef repeats
#undef resolve
#undef row_weights
#undef source
#undef split10
#undef split3
#undef split4
#undef sum_rows
#undef sums
#undef two_and_two
#undef v_add32
#undef v_as_bits
#undef v_as_double
#undef v_bytes
#undef v_deinterleave8
#undef v_dot
#undef v_equal
#undef v_equal64
#undef v_high
#undef v_interleave8
#undef v_join64
#undef v_load_deep
#undef v_load_words
#undef v_low64
#undef v_max32
#undef v_min32
#undef v_mul_even
#undef v_mul_odd
#undef v_or64
#undef v_pack16
#undef v_pack16_end
#undef v_pack8
#undef v_pack8_end
#undef v_packing
#undef v_set1_32
#undef v_set1_64
#undef v_set_lanes
#undef v_shift_in
#undef v_shuffle
#undef v_sll32
#undef v_sllv32
#undef v_srl64
#undef v_srlv32
#undef v_srlv64
#undef v_store
#undef v_store_half
#undef v_store_halves
#undef v_stream
#undef v_stream_half
#undef v_sub64
#undef v_swap
#undef v_words
#undef vec
#undef vecd
#undef words

#ifdef NAMED
#define add_sums NAMED(add_sums)
#define block NAMED(block)
#define block_loop NAMED(block_loop)
#define chroma_products NAMED(chroma_products)
#define column NAMED(column)
#define columns NAMED(columns)
#define constants NAMED(constants)
#define convert_block NAMED(convert_block)
#define convert_blocks NAMED(convert_blocks)
#define convert_rest NAMED(convert_rest)
#define convert_strip NAMED(convert_strip)
#define d_add NAMED(d_add)
#define d_even NAMED(d_even)
#define d_fma NAMED(d_fma)
#define d_mul NAMED(d_mul)
#define d_odd NAMED(d_odd)
#define d_set1 NAMED(d_set1)
#define d_sub NAMED(d_sub)
#define deep_add NAMED(deep_add)
#define deep_block NAMED(deep_block)
#define deep_blocks NAMED(deep_blocks)
#define deep_chroma NAMED(deep_chroma)
#define deep_column NAMED(deep_column)
#define deep_constants NAMED(deep_constants)
#define deep_dot NAMED(deep_dot)
#define deep_find_kernel NAMED(deep_find_kernel)
#define deep_finish NAMED(deep_finish)
#define deep_load_constants NAMED(deep_load_constants)
#define deep_load_scale NAMED(deep_load_scale)
#define deep_loop NAMED(deep_loop)
#define deep_loops NAMED(deep_loops)
#define deep_luma NAMED(deep_luma)
#define deep_out NAMED(deep_out)
#define deep_pixel NAMED(deep_pixel)
#define deep_prefetch NAMED(deep_prefetch)
#define deep_put NAMED(deep_put)
#define deep_put_block NAMED(deep_put_block)
#define deep_repeats NAMED(deep_repeats)
#define deep_rest NAMED(deep_rest)
#define deep_round NAMED(deep_round)
#define deep_scale NAMED(deep_scale)
#define deep_strip NAMED(deep_strip)
#define deep_sums NAMED(deep_sums)
#define deep_words NAMED(deep_words)
#define filter_columns NAMED(filter_columns)
#define find_kernel NAMED(find_kernel)
#define from_halves NAMED(from_halves)
#define has_left_tap NAMED(has_left_tap)
#define is_aligned NAMED(is_aligned)
#define join NAMED(join)
#define load_columns NAMED(load_columns)
#define load_constants NAMED(load_constants)
#define load_row NAMED(load_row)
#define loops NAMED(loops)
#define luma_products NAMED(luma_products)
#define may_stream NAMED(may_stream)
#define outputs NAMED(outputs)
#define pack_chroma NAMED(pack_chroma)
#define pack_chroma_444 NAMED(pack_chroma_444)
#define pack_luma NAMED(pack_luma)
#define packed NAMED(packed)
#define packing NAMED(packing)
#define pixel_at NAMED(pixel_at)
#define pixel_bytes NAMED(pixel_bytes)
#define prefetch NAMED(prefetch)
#define products NAMED(products)
#define put NAMED(put)
#define put_block NAMED(put_block)
#define put_full NAMED(put_full)
#define put_row NAMED(put_row)
#define put_subsampled NAMED(put_subsampled)
#define repeats NAMED(repeats)
#define resolve NAMED(resolve)
#define row_weights NAMED(row_weights)
#define source NAMED(source)
#define split10 NAMED(split10)
#define split3 NAMED(split3)
#define split4 NAMED(split4)
#define sum_rows NAMED(sum_rows)
#define sums NAMED(sums)
#define two_and_two NAMED(two_and_two)
#define v_add32 NAMED(v_add32)
#define v_as_bits NAMED(v_as_bits)
#define v_as_double NAMED(v_as_double)
#define v_bytes NAMED(v_bytes)
#define v_deinterleave8 NAMED(v_deinterleave8)
#define v_dot NAMED(v_dot)
#define v_equal NAMED(v_equal)
#define v_equal64 NAMED(v_equal64)
#define v_high NAMED(v_high)
#define v_interleave8 NAMED(v_interleave8)
#define v_join64 NAMED(v_join64)
#define v_load_deep NAMED(v_load_deep)
#define v_load_words NAMED(v_load_words)
#define v_low64 NAMED(v_low64)
#define v_max32 NAMED(v_max32)
#define v_min32 NAMED(v_min32)
#define v_mul_even NAMED(v_mul_even)
#define v_mul_odd NAMED(v_mul_odd)
#define v_or64 NAMED(v_or64)
#define v_pack16 NAMED(v_pack16)
#define v_pack16_end NAMED(v_pack16_end)
#define v_pack8 NAMED(v_pack8)
#define v_pack8_end NAMED(v_pack8_end)
#define v_packing NAMED(v_packing)
#define v_set1_32 NAMED(v_set1_32)
#define v_set1_64 NAMED(v_set1_64)
#define v_set_lanes NAMED(v_set_lanes)
#define v_shift_in NAMED(v_shift_in)
#define v_shuffle NAMED(v_shuffle)
#define v_sll32 NAMED(v_sll32)
#define v_sllv32 NAMED(v_sllv32)
#define v_srl64 NAMED(v_srl64)
#define v_srlv32 NAMED(v_srlv32)
#define v_srlv64 NAMED(v_srlv64)
#define v_store NAMED(v_store)
#define v_store_half NAMED(v_store_half)
#define v_store_halves NAMED(v_store_halves)
#define v_stream NAMED(v_stream)
#define v_stream_half NAMED(v_stream_half)
#define v_sub64 NAMED(v_sub64)
#define v_swap NAMED(v_swap)
#define v_words NAMED(v_words)
#define vec NAMED(vec)
#define vecd NAMED(vecd)
#define words NAMED(words)
#endif
