# LLaVA-1.5's projector: linear, exact GELU, linear (arXiv 2310.03744, section 3.2).


class Projector(Module):

    def project(self, hidden: Tensor, weights: List[Tensor], skip: int) -> Tensor:
        # hidden [T, vision width] -> [T - skip, text width]; skip 1 drops the class position.
        # weights: linear 1 (weight, bias), linear 2 (weight, bias)
        features = torch.slice(hidden, 0, skip)
        inner = torch.gelu(__torch__.linear.apply(features, weights[0], weights[1]))
        return __torch__.linear.apply(inner, weights[2], weights[3])

    def mean(self, features: Tensor) -> Tensor:
        # [tokens, width] -> [width], in float32
        return torch.mean(features.to(6), [0])

    def rows(self, features: Tensor) -> Tensor:
        return features.to(6)
