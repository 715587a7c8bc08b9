# The CLIP vision transformer (arXiv 2103.00020): T = 1 + (size / patch)^2 positions an image. Several
# images lie below each other, [images * T, width].


def embed(pixels: Tensor, patch_weight: Tensor, patch_bias: Tensor, class_embedding: Tensor,
          positions: Tensor, norm_weight: Tensor, norm_bias: Tensor, patch: int, eps: float,
          packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # pixels [images, 3, size, size] -> hidden [images * T, width], after pre_layrnorm. A convolution whose
    # stride is its kernel is a linear layer over patches, each flattened as channel, row, column.
    images = pixels.size(0)
    grid = pixels.size(2) // patch
    patches = pixels.to(positions.dtype).view([images, 3, grid, patch, grid, patch])
    patches = patches.permute([0, 2, 4, 1, 3, 5]).reshape([images * grid * grid, 3 * patch * patch])
    embedded = __torch__.linear.apply(patches, patch_weight, patch_bias, packed)
    width = embedded.size(1)
    first = class_embedding.view([1, 1, width]).expand([images, 1, width])
    hidden = torch.cat([first, embedded.view([images, grid * grid, width])], 1) + positions
    hidden = torch.layer_norm(hidden, [width], norm_weight, norm_bias, eps)
    return hidden.view([-1, width])


def layer(hidden: Tensor, images: int, weights: List[Tensor], heads: int, eps: float,
          packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # hidden [images * T, width]; weights: norm 1 (weight, bias), query-key-value (weight, bias), output
    # (weight, bias), norm 2 (weight, bias), fc1 (weight, bias), fc2 (weight, bias)
    rows = hidden.size(0)
    width = hidden.size(1)
    normed = torch.layer_norm(hidden, [width], weights[0], weights[1], eps)
    joined = __torch__.linear.apply(normed, weights[2], weights[3], packed)
    joined = joined.view([images, rows // images, 3, heads, width // heads]).permute([2, 0, 3, 1, 4])
    training = torch.is_grad_enabled() and not joined.is_cuda
    if joined.dtype == 15 and (weights[2].is_mkldnn or training):
        # taken apart in one operation, whose gradient is one too
        apart = torch.unbind(joined.flatten(1, 2), 0)
        attended = __torch__.attention.products(apart[0], apart[1], apart[2]).view_as(joined[0])
    else:
        attended = torch.scaled_dot_product_attention(joined[0], joined[1], joined[2])
    attended = attended.transpose(1, 2).reshape([rows, width])
    hidden = __torch__.linear.add(hidden, attended, weights[4], weights[5], packed)
    normed = torch.layer_norm(hidden, [width], weights[6], weights[7], eps)
    if training:
        # the same function, with one operation to go back through instead of three: the factors of
        # silu(1.702 x) / 1.702 are the weights'
        inner = torch.silu(__torch__.linear.apply(normed, weights[8] * 1.702, weights[9] * 1.702, packed))
        return __torch__.linear.add(hidden, inner, weights[10] / 1.702, weights[11], packed)
    inner = __torch__.linear.apply(normed, weights[8], weights[9], packed)
    torch.mul_(inner, torch.sigmoid_(1.702 * inner))
    return __torch__.linear.add(hidden, inner, weights[10], weights[11], packed)


class Vision(Module):

    def embed(self, pixels: Tensor, patch_weight: Tensor, patch_bias: Tensor, class_embedding: Tensor,
              positions: Tensor, norm_weight: Tensor, norm_bias: Tensor, patch: int, eps: float,
              packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # one image: pixels [3, size, size] -> hidden [T, width]
        return __torch__.vision.embed(pixels.unsqueeze(0), patch_weight, patch_bias, class_embedding, positions,
                                      norm_weight, norm_bias, patch, eps, packed)

    def layer(self, hidden: Tensor, weights: List[Tensor], heads: int, eps: float,
              packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # one image: hidden [T, width]
        return __torch__.vision.layer(hidden, 1, weights, heads, eps, packed)

    def join(self, hidden: List[Tensor]) -> Tensor:
        # hidden states of several layers, [T, width] each -> [T, layers * width]
        return torch.cat(hidden, 1)
