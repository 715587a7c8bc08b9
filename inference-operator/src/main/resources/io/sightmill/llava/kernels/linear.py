# Linear layers whose rows never depend on what else is in the batch.
#
# The weight itself says how it is multiplied:
# - reordered once for oneDNN (float32, bfloat16, int8), where this processor multiplies in that type;
# - else packed for FBGEMM, which reads two bytes or one a weight and widens them in registers. Such a
#   weight is an object and no tensor: it is in the list `packed`, and an empty tensor [place, 0] of the
#   weight's type stands for it;
# - else kept as it is, float32 multiplied as such, bfloat16 or int8 widened to it a few rows at a time: as
#   little memory, and a tile is multiplied while it is still in the processor's cache.
# int8 is one scale an output and, for the activations, one a row found anew each time (arXiv 2208.07339
# calls it vector-wise), so a row's scale depends on that row alone.


def scales(part: Tensor) -> Tensor:
    # [out, in] -> [out]: what an int8 step of 1 stands for; a row of zeros gets any scale but zero
    most = torch.amax(torch.abs(part), [1]).to(6)
    return torch.clamp(most, 1e-30) / 127.0


def powers(part: Tensor) -> Tensor:
    # [out, in] -> [out]: powers of two that bring each output's largest weight to 16384 .. 32768. In
    # float16, what is 2^32 times smaller still has all 8 bits of a bfloat16.
    most = torch.clamp(torch.amax(torch.abs(part), [1]).to(6), 1e-30)
    fraction, exponent = torch.frexp(most)
    return most / fraction / 32768.0


def store(room: Tensor, part: Tensor, dtype: int) -> Tensor:
    # converts some rows at a time, so that the only copy of a large tensor is the one that stays
    step = max(1, 4194304 // part.size(1))
    for begin in range(0, part.size(0), step):
        rows = torch.slice(part, 0, begin, begin + step)
        if dtype == 1:
            wide = rows.to(6) / __torch__.linear.scales(rows).unsqueeze(1)
            rows = torch.clamp(torch.round(wide), -127, 127)
        if dtype == 15 and room.dtype == 6:
            rows = rows.to(15)
            rows = rows.to(6) / __torch__.linear.powers(rows).unsqueeze(1)
        torch.copy_(torch.slice(room, 0, begin, begin + step), rows)
    return room


def pack(parts: List[Tensor], dtype: int, layout: int, device: str,
         packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # parts: [out_i, in] each, stacked to one [sum of out_i, in]. layout: 0 kept, 1 reordered, 2 packed,
    # 3 reordered for activations in one half.
    outputs = 0
    for part in parts:
        outputs += part.size(0)
    kept = dtype
    if layout == 2 and dtype == 15:
        kept = 6
    weight = torch.empty([outputs, parts[0].size(1)], dtype=kept, device=torch.device(device))
    at = 0
    for part in parts:
        __torch__.linear.store(torch.slice(weight, 0, at, at + part.size(0)), part, dtype)
        at += part.size(0)
    if weight.is_cuda or layout == 0:
        return weight
    if layout == 2:
        if dtype == 1:
            integers = torch._make_per_tensor_quantized_tensor(weight, 1.0, 0)
            packed.append(ops.quantized.linear_prepack(integers, None))
        else:
            packed.append(ops.quantized.linear_prepack_fp16(weight, None))
        return torch.empty([len(packed) - 1, 0], dtype=dtype)
    if dtype == 1:
        return ops.onednn.qlinear_prepack(weight, None)
    return ops.mkldnn._reorder_linear_weight(weight)


def bias(parts: List[Tensor], biases: List[Tensor], dtype: int, layout: int, device: str) -> Tensor:
    # parts: the weights. An empty tensor stands for a layer without a bias. Scales of an int8 or packed
    # layer come with it: [1 or 2, out] in float32, first the scales, then the bias if there is one; with
    # one dimension more, [1, 1 or 2, out], where activations are one half.
    place = torch.device(device)
    if dtype != 1 and layout != 2:
        if len(biases) == 0:
            return torch.empty([0], dtype=dtype, device=place)
        return torch.cat(biases, 0).to(dtype).to(place)
    found = annotate(List[Tensor], [])
    for part in parts:
        if dtype == 1:
            found.append(__torch__.linear.scales(part))
        else:
            found.append(__torch__.linear.powers(part.to(15)))
    rows = [torch.cat(found, 0)]
    if len(biases) > 0:
        added = torch.cat(biases, 0)
        if dtype != 1:
            added = added.to(dtype)
        rows.append(added.to(6))
    joined = torch.stack(rows, 0).to(place)
    if layout == 3:
        return joined.unsqueeze(0)
    return joined


def widened(x: Tensor, weight: Tensor) -> Tensor:
    # x: [rows, in] in float32 -> [rows, out] in float32. The library takes four rows at a time and for
    # what remains other paths, with other last bits: rows of zeros see to it that nothing remains.
    rows = x.size(0)
    missing = -rows % 4
    if missing > 0:
        x = torch.cat([x, torch.zeros([missing, x.size(1)], device=x.device)], 0)
    step = max(16, 1048576 // weight.size(1) // 16 * 16)
    room = torch.empty([min(step, weight.size(0)), weight.size(1)], device=x.device)
    products = annotate(List[Tensor], [])
    for tile in torch.split(weight, step, 0):
        wide = tile
        if weight.dtype != 6:
            wide = torch.slice(room, 0, 0, tile.size(0))
            torch.copy_(wide, tile)
        products.append(torch.mm(x, wide.t()))
    return torch.slice(torch.cat(products, 1), 0, 0, rows)


def apply_packed(x: Tensor, bias: Tensor,
                 layer: __torch__.torch.classes.quantized.LinearPackedParamsBase) -> Tensor:
    # The library takes up to six rows at a time and multiplies one alone, or two, by sums in another
    # order: rows of zeros see to it that neither remains.
    rows = x.size(0)
    wide = x.to(6)
    remaining = rows % 6
    if remaining == 1 or remaining == 2:
        wide = torch.cat([wide, torch.zeros([3 - remaining, x.size(1)])], 0)
    product = torch.slice(ops.quantized.linear_dynamic_fp16(wide, layer), 0, 0, rows)
    torch.mul_(product, bias[0])
    if bias.size(0) > 1:
        torch.add_(product, bias[1])
    return product.to(x.dtype)


def apply_packed_int8(x: Tensor, bias: Tensor,
                      layer: __torch__.torch.classes.quantized.LinearPackedParamsBase) -> Tensor:
    # Activations in 14 bits, -8128 .. 8128, as two halves: 128 * high + low. A half and the 64 that makes
    # it unsigned stay within 0 .. 128: the processor sums products of 8-bit integers in pairs in 16 bits,
    # and 128 * 127 * 2 still fits.
    rows = x.size(0)
    wide = x.to(6)
    scale = __torch__.linear.row_scale(wide, 8128.0)
    levels = torch.round(wide * scale)
    high = torch.floor((levels + 64.0) / 128.0)
    halves = torch.cat([high, levels - high * 128.0], 0)
    both = ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(halves, 1.0, 64, layer)
    product = torch.mul_(torch.slice(both, 0, 0, rows), 128.0)
    torch.add_(product, torch.slice(both, 0, rows))
    torch.mul_(product, bias[0])
    torch.div_(product, scale)
    if bias.size(0) > 1:
        torch.add_(product, bias[1])
    return product.to(x.dtype)


def row_scale(wide: Tensor, levels: float) -> Tensor:
    # [rows, in] -> [rows, 1]: what brings each row's loudest value to `levels`
    return levels / torch.clamp(torch.amax(torch.abs(wide), [1], True), 1e-30)


def reordered_int8(x: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    # oneDNN is fast with unsigned activations only; it takes the shift by 128 back itself.
    zeros = torch.zeros([scales.size(0)], dtype=3)
    return ops.onednn.qlinear_pointwise(x, 1.0, 128, weight, scales, zeros, None, 1.0, 0, 6, "none", [], "")


def one_half(wide: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    # Activations in 8 bits, -127 .. 127. Cutting off what is behind the point rounds what is positive.
    scale = __torch__.linear.row_scale(wide, 127.0)
    shifted = torch.add_(wide * scale, 128.5).to(0)
    return torch.div_(__torch__.linear.reordered_int8(shifted, weight, scales), scale)


def two_halves(wide: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    # Activations in 16 bits, -32512 .. 32512, as two 8-bit halves: 256 * high + low, each shifted by 128,
    # which are the two bytes of the whole shifted by 128 * 256 + 128.
    rows = wide.size(0)
    scale = __torch__.linear.row_scale(wide, 32512.0)
    whole = torch.add_(wide * scale, 32896.5).to(3)
    halves = torch.cat([torch.bitwise_right_shift(whole, 8).to(0), whole.to(0)], 0)
    both = __torch__.linear.reordered_int8(halves, weight, scales)
    product = torch.add(torch.slice(both, 0, rows), torch.slice(both, 0, 0, rows), alpha=256)
    return torch.div_(product, scale)


def widened_int8(wide: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    # Activations in 16 bits, which float32 multiplies without loss
    scale = __torch__.linear.row_scale(wide, 32512.0)
    product = __torch__.linear.widened(torch.round(wide * scale), weight) * scales
    return product / scale


def rows_int8(x: Tensor, weight: Tensor, bias: Tensor, single: bool) -> Tensor:
    wide = x.to(6)
    if single:
        product = __torch__.linear.one_half(wide, weight, bias[0])
    elif weight.is_mkldnn:
        product = __torch__.linear.two_halves(wide, weight, bias[0])
    else:
        product = __torch__.linear.widened_int8(wide, weight, bias[0])
    if bias.size(0) > 1:
        torch.add_(product, bias[1])
    return product


def apply_int8(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    # Some rows at a time: what lies between x and the product, in float32, takes little memory.
    single = bias.dim() == 3
    offsets = bias
    if single:
        offsets = bias[0]
    if x.size(0) <= 256:
        return __torch__.linear.rows_int8(x, weight, offsets, single).to(x.dtype)
    product = torch.empty([x.size(0), offsets.size(1)], dtype=x.dtype, device=x.device)
    for begin in range(0, x.size(0), 256):
        part = __torch__.linear.rows_int8(torch.slice(x, 0, begin, begin + 256), weight, offsets, single)
        torch.copy_(torch.slice(product, 0, begin, begin + 256), part)
    return product


def apply(x: Tensor, weight: Tensor, bias: Tensor,
          packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # x: [rows, in] -> [rows, out], in the dtype of x
    if torch.is_grad_enabled():
        # training: the weight is as it is, and so is the product, which has a gradient
        if bias.numel() > 0:
            return torch.linear(x, weight, bias)
        return torch.linear(x, weight)
    if weight.size(-1) == 0:
        layer = packed[weight.size(0)]
        if weight.dtype == 1:
            return __torch__.linear.apply_packed_int8(x, bias, layer)
        return __torch__.linear.apply_packed(x, bias, layer)
    if bias.dim() > 1:
        return __torch__.linear.apply_int8(x, weight, bias)
    offset = annotate(Optional[Tensor], None)
    if bias.numel() > 0:
        offset = bias
    if weight.is_cuda:
        return torch.linear(x.to(weight.dtype), weight, offset).to(x.dtype)
    if weight.is_mkldnn:
        return ops.mkldnn._linear_pointwise(x.to(weight.dtype), weight, offset, "none", [], "").to(x.dtype)
    product = __torch__.linear.widened(x.to(6), weight)
    if offset is not None:
        product = product + offset
    return product.to(x.dtype)


def add(hidden: Tensor, x: Tensor, weight: Tensor, bias: Tensor,
        packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # hidden + apply(x). In one call, which rounds once, where bfloat16 is multiplied as such.
    if weight.is_mkldnn and weight.dtype == 15 and hidden.dtype == 15 and not torch.is_grad_enabled():
        offset = annotate(Optional[Tensor], None)
        if bias.numel() > 0:
            offset = bias
        return ops.mkldnn._linear_pointwise(x, hidden, weight, offset, "add")
    return hidden + __torch__.linear.apply(x, weight, bias, packed)
