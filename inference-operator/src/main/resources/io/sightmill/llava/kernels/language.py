# The LLaMA decoder (arXiv 2302.13971) with grouped-query attention (arXiv 2305.13245), and Mistral's,
# which adds a sliding window (arXiv 2310.06825).
#
# A layer's weights, in order: input norm, query-key-value (weight, bias), output (weight, bias),
# post-attention norm, gate-up (weight, bias), down (weight, bias).
# Weight and bias of a linear layer are what linear.py makes of them; so are the head's.
# A cache is one sequence's keys and values: [layers, 2, key/value heads, capacity, head width].


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    # computed in float32 whatever the dtype (arXiv 1910.07467)
    wide = x.to(6)
    scale = torch.rsqrt(torch.mean(wide * wide, [-1], True) + eps)
    return weight * (wide * scale).to(x.dtype)


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    # x [rows, heads, width], cosine and sine [rows, 1, width / 2]. Dimension i turns with dimension
    # i + width / 2, the layout of Hugging Face checkpoints (arXiv 2104.09864 pairs neighbours).
    half = x.size(-1) // 2
    low = torch.slice(x, -1, 0, half)
    high = torch.slice(x, -1, half)
    return torch.cat([low * cosine - high * sine, high * cosine + low * sine], -1)


def feed_forward(hidden: Tensor, weights: List[Tensor], at: int, eps: float, by_row: bool,
                 packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
    # by_row: SiLU over whole rows. Over all of many rows at once it would be cut into one stretch a thread,
    # and the last bits of the values at a cut differ: they would depend on how many rows there are.
    normed = __torch__.language.rms_norm(hidden, weights[at + 5], eps)
    joined = __torch__.linear.apply(normed, weights[at + 6], weights[at + 7], packed)
    inner = joined.size(1) // 2
    gate = torch.slice(joined, 1, 0, inner)
    if by_row:
        # so few rows that one thread takes them all
        step = max(1, 32767 // inner)
        for begin in range(0, joined.size(0), step):
            torch.silu_(torch.slice(gate, 0, begin, begin + step))
    else:
        torch.silu_(gate)
    gated = gate * torch.slice(joined, 1, inner)
    return hidden + __torch__.linear.apply(gated, weights[at + 8], weights[at + 9], packed)


class Language(Module):

    def rotary_frequencies(self, width: int, theta: float) -> Tensor:
        # [width / 2] in float32: radians a position
        exponents = torch.arange(0, width, 2, dtype=4).to(6) / width
        return 1.0 / torch.pow(theta, exponents)

    def rotary_table(self, context: int, frequencies: Tensor, device: str) -> Tensor:
        # [2, context, width / 2] in float32: cosines, then sines
        frequencies = frequencies.to(torch.device("cpu"))
        angles = torch.outer(torch.arange(context, dtype=4).to(6), frequencies)
        return torch.stack([torch.cos(angles), torch.sin(angles)], 0).to(torch.device(device))

    def new_cache(self, shape: List[int], like: Tensor) -> Tensor:
        # not cleared: no position is read before it is written
        return torch.empty(shape, dtype=like.dtype, device=like.device)

    def copy_prefix(self, owner: Tensor, cache: Tensor, end: int) -> Tensor:
        # positions 0..end of another sequence's cache
        torch.copy_(torch.slice(cache, 3, 0, end), torch.slice(owner, 3, 0, end))
        return cache

    def embed(self, ids: Tensor, table: Tensor) -> Tensor:
        return torch.embedding(table, ids)

    def place(self, hidden: Tensor, features: Tensor, at: int, begin: int, end: int) -> Tensor:
        # rows begin..end of an image's features take the place of the image tokens from row `at` on
        rows = torch.slice(features, 0, begin, end)
        torch.copy_(torch.slice(hidden, 0, at, at + end - begin), rows)
        return hidden

    def prefill_layer(self, hidden: Tensor, weights: List[Tensor], cache: Tensor, layer: int, start: int,
                      rotary: Tensor, heads: int, window: int, eps: float,
                      packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # hidden [rows, width]: positions start .. start + rows of one sequence. A position attends to
        # the last `window` ones, itself included.
        rows = hidden.size(0)
        groups = cache.size(2)
        width = cache.size(4)
        turn = torch.slice(rotary, 1, start, start + rows).to(hidden.dtype).unsqueeze(2)
        normed = __torch__.language.rms_norm(hidden, weights[0], eps)
        joined = __torch__.linear.apply(normed, weights[1], weights[2], packed)
        joined = joined.view([rows, heads + 2 * groups, width])
        turned = __torch__.language.rotate(torch.slice(joined, 1, 0, heads + groups), turn[0], turn[1])
        query = torch.slice(turned, 1, 0, heads).transpose(0, 1)
        begin = max(0, start - window + 1)
        own = torch.slice(cache[layer], 2, begin, start + rows)
        past = start - begin
        torch.copy_(torch.slice(own[0], 1, past), torch.slice(turned, 1, heads).transpose(0, 1))
        torch.copy_(torch.slice(own[1], 1, past), torch.slice(joined, 1, heads + groups).transpose(0, 1))
        if weights[1].is_mkldnn and own.dtype == 15:
            attended = __torch__.attention.causal_products(query, own[0], own[1], past, window)
        else:
            attended = __torch__.attention.causal(query, own[0], own[1], past, window)
        attended = attended.transpose(0, 1).reshape([rows, heads * width])
        hidden = hidden + __torch__.linear.apply(attended, weights[3], weights[4], packed)
        return __torch__.language.feed_forward(hidden, weights, 0, eps, False, packed)

    def logits(self, hidden: Tensor, norm: Tensor, head: Tensor, head_bias: Tensor,
               begin: int, eps: float,
               packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # rows from `begin` on: [rows, width] -> [rows - begin, vocabulary] in float32
        normed = __torch__.language.rms_norm(torch.slice(hidden, 0, begin), norm, eps)
        return __torch__.linear.apply(normed, head, head_bias, packed).to(6)

    def decode(self, ids: Tensor, positions: List[int], caches: List[Tensor], table: Tensor,
               weights: List[Tensor], norm: Tensor, head: Tensor, head_bias: Tensor, rotary: Tensor,
               heads: int, window: int, eps: float,
               packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # One token of each of B sequences through the whole stack: ids [B] -> logits [B, vocabulary].
        # Products run over all B rows; attention runs over one sequence at a time and reads exactly its
        # own keys, the last `window` of them, the query heads of a group as rows, so that nothing depends on the others.
        hidden = torch.embedding(table, ids)
        batch = len(positions)
        layers = caches[0].size(0)
        groups = caches[0].size(2)
        width = caches[0].size(4)
        index = torch.tensor(positions, dtype=4, device=hidden.device)
        turn = torch.index_select(rotary, 1, index).to(hidden.dtype).unsqueeze(2)
        # of each sequence, by layer: where the step's keys and values go, and what its attention reads
        places = annotate(List[List[Tensor]], [])
        keys = annotate(List[List[Tensor]], [])
        values = annotate(List[List[Tensor]], [])
        for row in range(batch):
            position = positions[row]
            places.append(torch.unbind(caches[row].select(3, position)))
            past = torch.slice(caches[row], 3, max(0, position + 1 - window), position + 1).unsqueeze(2)
            keys.append(torch.unbind(past.select(1, 0)))
            values.append(torch.unbind(past.select(1, 1)))
        per_layer = len(weights) // layers
        for layer in range(layers):
            at = layer * per_layer
            normed = __torch__.language.rms_norm(hidden, weights[at], eps)
            joined = __torch__.linear.apply(normed, weights[at + 1], weights[at + 2], packed)
            joined = joined.view([batch, heads + 2 * groups, width])
            turned = __torch__.language.rotate(torch.slice(joined, 1, 0, heads + groups), turn[0], turn[1])
            queries = torch.slice(turned, 1, 0, heads).reshape([batch, 1, groups, heads // groups, width])
            written = torch.stack([torch.slice(turned, 1, heads), torch.slice(joined, 1, heads + groups)], 1)
            own = torch.unbind(written)
            asked = torch.unbind(queries)
            answers = annotate(List[Tensor], [])
            for row in range(batch):
                torch.copy_(places[row][layer], own[row])
                answer = torch.scaled_dot_product_attention(asked[row], keys[row][layer], values[row][layer])
                answers.append(answer)
            attended = torch.cat(answers, 0).view([batch, heads * width])
            hidden = hidden + __torch__.linear.apply(attended, weights[at + 3], weights[at + 4], packed)
            hidden = __torch__.language.feed_forward(hidden, weights, at, eps, True, packed)
        return self.logits(hidden, norm, head, head_bias, 0, eps, packed)
