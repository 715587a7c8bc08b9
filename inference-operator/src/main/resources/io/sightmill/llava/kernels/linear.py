# Linear layers whose rows never depend on what else is in the batch.
#
# On the CPU the weight is reordered once for oneDNN. Its dtype decides the product: where this
# processor has no bfloat16 products, weights already rounded to bfloat16 are kept as float32, the sums
# are float32 as well, and apply() rounds the result back to the activations' dtype.


def pack(parts: List[Tensor], dtype: int, product_dtype: int, device: str) -> Tensor:
    # parts: [out_i, in] each, stacked to one [sum of out_i, in]
    weight = torch.cat(parts, 0).to(dtype).to(product_dtype).to(torch.device(device))
    if weight.is_cuda:
        return weight
    return ops.mkldnn._reorder_linear_weight(weight.contiguous())


def bias(parts: List[Tensor], dtype: int, product_dtype: int, device: str) -> Tensor:
    # an empty tensor stands for a layer without a bias
    if len(parts) == 0:
        return torch.empty([0], dtype=product_dtype, device=torch.device(device))
    return torch.cat(parts, 0).to(dtype).to(product_dtype).to(torch.device(device))


def apply(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    # x: [rows, in] -> [rows, out], in the dtype of x
    offset = annotate(Optional[Tensor], None)
    if bias.numel() > 0:
        offset = bias
    if weight.is_cuda:
        return torch.linear(x, weight, offset)
    return ops.mkldnn._linear_pointwise(x.to(weight.dtype), weight, offset, "none", [], "").to(x.dtype)
