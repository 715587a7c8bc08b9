# The LLaMA decoder (arXiv 2302.13971) with grouped-query attention (arXiv 2305.13245), and Mistral's,
# which adds a sliding window (arXiv 2310.06825).
#
# A layer's weights, in order: input norm, query-key-value (weight, bias), output (weight, bias),
# post-attention norm, gate-up (weight, bias), down (weight, bias).
# Weight and bias of a linear layer are what linear.py makes of them; so are the head's.
# Keys and values lie in pages (pages.py): of each layer the store of its keys, then that of its values.


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


def turns(rotary: Tensor, positions: List[int], queries: int, keys: int, scaled: bool, dtype: int) -> List[Tensor]:
    # Of a step's queries, keys and values side by side, [B, queries + 2 * keys, width]: what each number is
    # multiplied by, and what the other of its pair is. Values are not turned. Where it loses nothing, queries
    # are scaled as their scores are.
    device = rotary.device
    index = torch.tensor(positions, dtype=4, device=device)
    turn = torch.index_select(rotary, 1, index).unsqueeze(2)
    width = 2 * rotary.size(2)
    scale = 1.0
    if scaled:
        scale = float(width) ** -0.5
    factors = torch.cat([torch.full([queries, 1], scale, device=device), torch.ones([keys, 1], device=device)], 0)
    cosine = torch.cat([turn[0], turn[0]], -1) * factors
    sine = torch.cat([torch.neg(turn[1]), turn[1]], -1) * factors
    still = torch.zeros([len(positions), keys, width], device=device)
    return [torch.cat([cosine, still + 1.0], 1).to(dtype), torch.cat([sine, still], 1).to(dtype)]


def turn(x: Tensor, turns: List[Tensor]) -> Tensor:
    # x [B, heads, width]
    pairs = x.view([x.size(0), x.size(1), 2, -1])
    other = torch.flip(pairs, [2]).view(x.size())
    return torch.add_(x * turns[0], torch.mul_(other, turns[1]))


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
    return __torch__.linear.add(hidden, gated, weights[at + 8], weights[at + 9], packed)


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

    def new_pages(self, shape: List[int], like: Tensor) -> Tensor:
        return torch.empty(shape, dtype=like.dtype, device=like.device)

    def grown_pages(self, pages: Tensor, count: int, used: int) -> Tensor:
        # the same with room for more, its first `used` pages as they were
        shape = [count, pages.size(1), pages.size(2), pages.size(3)]
        grown = torch.empty(shape, dtype=pages.dtype, device=pages.device)
        torch.copy_(torch.slice(grown, 0, 0, used), torch.slice(pages, 0, 0, used))
        return grown

    def clear_pages(self, stores: List[Tensor], pages: List[int]) -> Tensor:
        # What is not written yet has no share in an attention, and nothing times no number is no number.
        for store in stores:
            for page in pages:
                torch.zero_(store[page])
        return stores[0]

    def copy_prefix(self, stores: List[Tensor], owner: List[int], pages: List[int], end: int) -> Tensor:
        # positions 0..end of another sequence's pages; behind them it may hold no numbers
        device = stores[0].device
        origin = torch.tensor(owner, dtype=4, device=device)
        place = torch.tensor(pages, dtype=4, device=device)
        size = stores[0].size(2)
        for store in stores:
            torch.index_copy_(store, 0, place, torch.index_select(store, 0, origin))
            if end % size > 0:
                torch.zero_(torch.slice(store[pages[-1]], 1, end % size))
        return stores[0]

    def embed(self, ids: Tensor, table: Tensor) -> Tensor:
        return torch.embedding(table, ids)

    def place(self, hidden: Tensor, features: Tensor, at: int, begin: int, end: int) -> Tensor:
        # rows begin..end of an image's features take the place of the image tokens from row `at` on
        rows = torch.slice(features, 0, begin, end)
        torch.copy_(torch.slice(hidden, 0, at, at + end - begin), rows)
        return hidden

    def prefill_layer(self, hidden: Tensor, weights: List[Tensor], keys: Tensor, values: Tensor,
                      pages: List[int], start: int, rotary: Tensor, heads: int, window: int, eps: float,
                      packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # hidden [rows, width]: positions start .. start + rows of one sequence. A position attends to
        # the last `window` ones, itself included. pages: the sequence's, from position 0 on.
        rows = hidden.size(0)
        groups = keys.size(1)
        width = keys.size(3)
        turn = torch.slice(rotary, 1, start, start + rows).to(hidden.dtype).unsqueeze(2)
        normed = __torch__.language.rms_norm(hidden, weights[0], eps)
        joined = __torch__.linear.apply(normed, weights[1], weights[2], packed)
        joined = joined.view([rows, heads + 2 * groups, width])
        turned = __torch__.language.rotate(torch.slice(joined, 1, 0, heads + groups), turn[0], turn[1])
        query = torch.slice(turned, 1, 0, heads).transpose(0, 1)
        key = torch.slice(turned, 1, heads)
        value = torch.slice(joined, 1, heads + groups)
        places = __torch__.pages.stretch(pages, start, rows, keys)
        __torch__.pages.write(keys, places, key)
        __torch__.pages.write(values, places, value)
        begin = max(0, start - window + 1)
        past = start - begin
        if past == 0:
            key = key.transpose(0, 1)
            value = value.transpose(0, 1)
        else:
            size = keys.size(2)
            first = begin // size
            seen = torch.tensor(pages[first:], dtype=4, device=keys.device)
            key = __torch__.pages.read(keys, seen, begin - first * size, start + rows - first * size)
            value = __torch__.pages.read(values, seen, begin - first * size, start + rows - first * size)
        if weights[1].is_mkldnn and key.dtype == 15:
            attended = __torch__.attention.causal_products(query, key, value, past, window)
        else:
            attended = __torch__.attention.causal(query, key, value, past, window)
        attended = attended.transpose(0, 1).reshape([rows, heads * width])
        hidden = __torch__.linear.add(hidden, attended, weights[3], weights[4], packed)
        return __torch__.language.feed_forward(hidden, weights, 0, eps, False, packed)

    def logits(self, hidden: Tensor, norm: Tensor, head: Tensor, head_bias: Tensor,
               begin: int, eps: float,
               packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # rows from `begin` on: [rows, width] -> [rows - begin, vocabulary] in float32
        normed = __torch__.language.rms_norm(torch.slice(hidden, 0, begin), norm, eps)
        return __torch__.linear.apply(normed, head, head_bias, packed).to(6)

    def decode(self, ids: Tensor, positions: List[int], stores: List[Tensor], runs: List[int], pages: List[int],
               table: List[int], order: List[int], begins: List[int], ends: List[int], embedding: Tensor,
               weights: List[Tensor], norm: Tensor, head: Tensor, head_bias: Tensor, rotary: Tensor,
               heads: int, window: int, eps: float,
               packed: List[__torch__.torch.classes.quantized.LinearPackedParamsBase]) -> Tensor:
        # One token of each of B sequences through the whole stack: ids [B] -> logits [B, vocabulary].
        # Products run over all B rows; attention runs over the pages of all sequences at once, or over one
        # sequence at a time, and gives each sequence the bits that it has alone.
        hidden = torch.embedding(embedding, ids)
        batch = len(positions)
        layers = len(stores) // 2
        groups = stores[0].size(1)
        width = stores[0].size(3)
        paged = weights[1].is_mkldnn and hidden.dtype == 15
        scaled = paged and __torch__.attention.is_scaled_without_loss(width)
        turns = __torch__.language.turns(rotary, positions, heads, groups, scaled, hidden.dtype)
        places = __torch__.pages.places(pages, table, ends, stores[0])
        plan = __torch__.pages.plan(table, order, begins, ends, stores[0])
        ordered = __torch__.pages.is_ordered(table, pages)
        own = annotate(List[Tensor], [])
        if not paged:
            own = __torch__.pages.own_pages(pages, table, ends, stores[0])
        room = torch.empty([batch, heads, len(table) // batch, stores[0].size(2)], dtype=hidden.dtype,
                           device=hidden.device)
        per_layer = len(weights) // layers
        for layer in range(layers):
            at = layer * per_layer
            keys = stores[2 * layer]
            values = stores[2 * layer + 1]
            normed = __torch__.language.rms_norm(hidden, weights[at], eps)
            joined = __torch__.linear.apply(normed, weights[at + 1], weights[at + 2], packed)
            joined = joined.view([batch, heads + 2 * groups, width])
            turned = __torch__.language.turn(joined, turns)
            __torch__.pages.write(keys, places, torch.slice(turned, 1, heads, heads + groups))
            __torch__.pages.write(values, places, torch.slice(turned, 1, heads + groups))
            query = torch.slice(turned, 1, 0, heads)
            if paged:
                attended = __torch__.pages.attend(query, keys, values, runs, plan, ordered, room)
            else:
                attended = __torch__.pages.attend_apart(query, keys, values, own, begins, ends)
            hidden = __torch__.linear.add(hidden, attended, weights[at + 3], weights[at + 4], packed)
            hidden = __torch__.language.feed_forward(hidden, weights, at, eps, True, packed)
        return self.logits(hidden, norm, head, head_bias, 0, eps, packed)
