# LLaVA's projector: one linear layer in v1 (arXiv 2304.08485, section 4.1), linear, exact GELU, linear
# in v1.5 (arXiv 2310.03744, section 3.2), any number of linear layers with GELU between in general.


def project(hidden: Tensor, weights: List[Tensor],
            packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # hidden [rows, vision width] -> [rows, text width]; weights: weight and bias of each linear layer
    features = __torch__.linear.apply(hidden, weights[0], weights[1], packed)
    for layer in range(1, len(weights) // 2):
        inner = torch.gelu(features)
        features = __torch__.linear.apply(inner, weights[2 * layer], weights[2 * layer + 1], packed)
    return features


class Projector(Module):

    def project(self, hidden: Tensor, weights: List[Tensor], skip: int,
                packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # one image: hidden [T, vision width] -> [T - skip, text width]; skip 1 drops the class position
        return __torch__.projector.project(torch.slice(hidden, 0, skip), weights, packed)

    def mean(self, features: Tensor) -> Tensor:
        # [tokens, width] -> [width], in float32
        return torch.mean(features.to(6), [0])

    def rows(self, features: Tensor) -> Tensor:
        return features.to(6)
