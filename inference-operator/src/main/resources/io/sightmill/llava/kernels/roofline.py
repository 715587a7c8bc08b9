# The most this machine and the library can do: what measured speeds are shares of.
# Each gives back a single number, so that whoever reads it knows that the work is done.


def first(product: Tensor) -> Tensor:
    return torch.slice(torch.slice(product, 0, 0, 1), 1, 0, 1).to(6)


class Roofline(Module):

    def array(self, rows: int, columns: int, device: str) -> Tensor:
        return torch.ones([rows, columns], dtype=6, device=torch.device(device))

    def numbers(self, rows: int, columns: int, dtype: int, device: str) -> Tensor:
        # from -1/2 to 1/2
        return (torch.rand([rows, columns], dtype=6, device=torch.device(device)) - 0.5).to(dtype)

    def read_by_sum(self, array: Tensor) -> Tensor:
        return torch.sum(array)

    def read_by_product(self, array: Tensor) -> Tensor:
        # with a vector that stays in the cache, as a product in a decode step
        return torch.sum(torch.mv(array, array[0]))

    def product(self, x: Tensor, weight: Tensor, bias: Tensor,
                packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        return __torch__.roofline.first(__torch__.linear.apply(x, weight, bias, packed))

    def plain_product(self, x: Tensor, weight: Tensor) -> Tensor:
        return __torch__.roofline.first(torch.mm(x, weight.t()))
