# The CLIP vision transformer (arXiv 2103.00020), one image at a time: T = 1 + (size / patch)^2 positions.


class Vision(Module):

    def embed(self, pixels: Tensor, patch_weight: Tensor, patch_bias: Tensor, class_embedding: Tensor,
              positions: Tensor, norm_weight: Tensor, norm_bias: Tensor, patch: int, eps: float,
              packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # pixels [3, size, size] -> hidden [T, width], after pre_layrnorm. A convolution whose stride is
        # its kernel is a linear layer over patches, each flattened as channel, row, column.
        grid = pixels.size(1) // patch
        patches = pixels.to(positions.dtype).view([3, grid, patch, grid, patch])
        patches = patches.permute([1, 3, 0, 2, 4]).reshape([grid * grid, 3 * patch * patch])
        embedded = __torch__.linear.apply(patches, patch_weight, patch_bias, packed)
        hidden = torch.cat([class_embedding.unsqueeze(0), embedded], 0) + positions
        return torch.layer_norm(hidden, [hidden.size(1)], norm_weight, norm_bias, eps)

    def layer(self, hidden: Tensor, weights: List[Tensor], heads: int, eps: float,
              packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # hidden [T, width]; weights: norm 1 (weight, bias), query-key-value (weight, bias), output
        # (weight, bias), norm 2 (weight, bias), fc1 (weight, bias), fc2 (weight, bias)
        count = hidden.size(0)
        width = hidden.size(1)
        normed = torch.layer_norm(hidden, [width], weights[0], weights[1], eps)
        joined = __torch__.linear.apply(normed, weights[2], weights[3], packed)
        joined = joined.view([count, 3, heads, width // heads]).permute([1, 2, 0, 3])
        if weights[2].is_mkldnn and joined.dtype == 15:
            attended = __torch__.attention.products(joined[0], joined[1], joined[2])
        else:
            apart = joined.unsqueeze(1)
            attended = torch.scaled_dot_product_attention(apart[0], apart[1], apart[2]).squeeze(0)
        attended = attended.transpose(0, 1).reshape([count, width])
        hidden = hidden + __torch__.linear.apply(attended, weights[4], weights[5], packed)
        normed = torch.layer_norm(hidden, [width], weights[6], weights[7], eps)
        inner = __torch__.linear.apply(normed, weights[8], weights[9], packed)
        inner = inner * torch.sigmoid_(1.702 * inner)
        return hidden + __torch__.linear.apply(inner, weights[10], weights[11], packed)

    def join(self, hidden: List[Tensor]) -> Tensor:
        # hidden states of several layers, [T, width] each -> [T, layers * width]
        return torch.cat(hidden, 1)
