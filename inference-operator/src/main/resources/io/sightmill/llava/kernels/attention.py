# Attention of one sequence or image, [heads, rows, width] in and out, two ways: the library's own kernel,
# and in bfloat16, where the processor multiplies in it, as products with the softmax between, which is
# two to three times as fast. A row's scores are rounded once more then, as in the reference's plain code.


def is_scaled_without_loss(width: int) -> bool:
    # whether the root of a head's width is a power of two
    root = int(float(width) ** 0.5)
    return root * root == width and root & (root - 1) == 0


def scores(query: Tensor, key: Tensor) -> Tensor:
    # [batch, rows, width] and [batch, keys, width] -> [batch, rows, keys], scaled before they are rounded
    if __torch__.attention.is_scaled_without_loss(query.size(2)):
        # the plain product starts sooner
        return torch.bmm(query * float(query.size(2)) ** -0.5, key.transpose(1, 2))
    nothing = torch.zeros([1, 1, 1], dtype=query.dtype)
    return torch.baddbmm(nothing, query, key.transpose(1, 2), beta=0, alpha=float(query.size(2)) ** -0.5)


def products(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    # every row attends to all keys
    return torch.bmm(torch.softmax(__torch__.attention.scores(query, key), -1), value)


def causal_products(query: Tensor, key: Tensor, value: Tensor, past: int, window: int) -> Tensor:
    # query [heads, rows, width]; key and value [groups, past + rows, width]. Row i attends to the last
    # `window` keys up to past + i. In stretches of rows, none of which looks at keys that it does not need;
    # the heads of a group are rows of one product.
    heads = query.size(0)
    groups = key.size(0)
    width = query.size(2)
    answers = annotate(List[Tensor], [])
    for begin in range(0, query.size(1), 160):
        end = min(query.size(1), begin + 160)
        rows = end - begin
        first = max(0, past + begin - window + 1)
        last = past + end
        asked = torch.slice(query, 1, begin, end).reshape([groups, heads // groups * rows, width])
        found = __torch__.attention.scores(asked, torch.slice(key, 1, first, last))
        found = found.view([heads, rows, last - first])
        never = torch.full([rows, last - first], -1e30, dtype=query.dtype)
        if last - first > window:
            outside = torch.triu(never, past + begin - first + 1) + torch.tril(never, past + begin - first - window)
            torch.add_(found, outside)
        else:
            own = torch.slice(found, 2, past + begin - first)
            torch.add_(own, torch.triu(torch.slice(never, 1, past + begin - first), 1))
        shares = torch.softmax(found, -1).view([groups, heads // groups * rows, last - first])
        answer = torch.bmm(shares, torch.slice(value, 1, first, last))
        answers.append(answer.view([heads, rows, width]))
    return torch.cat(answers, 1)


def causal(query: Tensor, key: Tensor, value: Tensor, past: int, window: int) -> Tensor:
    # the same with the library's kernel, in any type and on any device
    rows = query.size(1)
    shape = [key.size(0), query.size(0) // key.size(0), key.size(1), key.size(2)]
    wide_key = key.unsqueeze(1).expand(shape).reshape([1, query.size(0), key.size(1), key.size(2)])
    wide_value = value.unsqueeze(1).expand(shape).reshape([1, query.size(0), key.size(1), key.size(2)])
    asked = query.unsqueeze(0)
    if past == 0 and rows <= window:
        return torch.scaled_dot_product_attention(asked, wide_key, wide_value, None, 0.0, True).squeeze(0)
    mask = torch.ones([rows, past + rows], dtype=11, device=query.device).tril(past)
    if past + rows > window:
        mask = mask.triu(past - window + 1)
    return torch.scaled_dot_product_attention(asked, wide_key, wide_value, mask).squeeze(0)
