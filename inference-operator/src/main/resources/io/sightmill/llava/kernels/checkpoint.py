# Tensors straight from safetensors files, and the forms the other kernels want them in.


class Checkpoint(Module):

    def map_file(self, path: str, elements: int, dtype: int) -> Tensor:
        # the file from its start, mapped: pages are read when they are first touched
        return torch.from_file(path, False, elements, dtype=dtype)

    def view(self, file: Tensor, begin: int, end: int, shape: List[int]) -> Tensor:
        # no copy; begin and end count elements
        return torch.slice(file, 0, begin, end).view(shape)

    def first_not_finite(self, tensor: Tensor) -> Tensor:
        # the index, counted over the whole tensor, of the first NaN or infinity; -1 if there is none.
        # In pieces: what a piece takes beside the file is bounded
        flat = tensor.reshape([-1])
        begin = 0
        while begin < flat.numel():
            piece = torch.slice(flat, 0, begin, min(begin + 4194304, flat.numel()))
            finite = torch.isfinite(piece)
            if not bool(torch.all(finite)):
                return torch.slice(torch.nonzero(torch.logical_not(finite)).reshape([-1]), 0, 0, 1) + begin
            begin += 4194304
        return torch.full([1], -1, dtype=4)

    def parameter(self, tensor: Tensor, dtype: int, device: str) -> Tensor:
        return tensor.to(dtype).to(torch.device(device))

    def no_packed(self) -> List[__torch__.torch.classes.quantized.LinearPackedParamsBase]:
        # for `weight` to add to
        return annotate(List[__torch__.torch.classes.quantized.LinearPackedParamsBase], [])

    def weight(self, parts: List[Tensor], dtype: int, layout: int, device: str,
               packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        return __torch__.linear.pack(parts, dtype, layout, device, packed)

    def bias(self, parts: List[Tensor], biases: List[Tensor], dtype: int, layout: int, device: str) -> Tensor:
        return __torch__.linear.bias(parts, biases, dtype, layout, device)

    def product(self, x: Tensor, weight: Tensor, bias: Tensor, dtype: int,
                packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # one linear layer alone, on activations of the dtype
        return __torch__.linear.apply(x.to(dtype), weight, bias, packed).to(6)

    def sum(self, hidden: Tensor, x: Tensor, weight: Tensor, bias: Tensor, dtype: int,
            packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # the same added to what the layers before gave
        return __torch__.linear.add(hidden.to(dtype), x.to(dtype), weight, bias, packed).to(6)
