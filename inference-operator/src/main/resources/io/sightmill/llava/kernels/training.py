# The whole model forwards and backwards over a batch of sequences, and what follows from it: AdamW.
#
# What a layer computes is what the serving kernels compute; the vision layers and the projector are theirs.
# The decoder has no cache here, and a batch of sequences instead of one; its norms and its rotation are
# written with as few operations to go back through as can be.
# Weights are masters, float32 as a rule; each is converted to `dtype` where it is used, so that bfloat16
# products add their gradients up in float32. The loss is float32 always.
#
# vision: patches (weight, bias), class embedding, positions, norm (weight, bias), then each layer's.
# projector: weight and bias of each linear layer, then a newline where images are cut into tiles.
# language: embedding table, norm, head (weight, bias), then each layer's.
# adapters: for each linear layer of the decoder, in order: down [parts * rank, in], up [out, rank]
# (arXiv 2106.09685); parts are the layers joined to one, such as query, key and value.


def none_packed() -> List[__torch__.torch.classes.quantized.LinearPackedParamsBase]:
    return annotate(List[__torch__.torch.classes.quantized.LinearPackedParamsBase], [])


def converted(weights: List[Tensor], begin: int, end: int, dtype: int) -> List[Tensor]:
    found = annotate(List[Tensor], [])
    for at in range(begin, end):
        found.append(weights[at].to(dtype))
    return found


def normalised(x: Tensor, eps: float) -> Tensor:
    # rows divided by the root of their mean square (arXiv 1910.07467), which is summed in float32
    norm = torch.linalg_vector_norm(x, 2, [-1], True, dtype=6)
    scale = torch.rsqrt(norm * norm / x.size(-1) + eps)
    return x * scale.to(x.dtype)


def turned(x: Tensor, turn: Tensor) -> Tensor:
    # x [sequences, rows, heads, width], turn [2, rows, 1, width]: cosines, and the sines with the sign that
    # they have for dimension i, which turns with dimension i + width / 2
    return torch.addcmul(x * turn[0], torch.roll(x, [x.size(-1) // 2], [-1]), turn[1])


class Training(Module):
    __parameters__ = []
    __buffers__ = []
    dtype : int
    patch : int
    vision_heads : int
    vision_layers : int
    vision_epsilon : float
    projector_layers : int
    skip : int
    heads : int
    groups : int
    head_width : int
    text_layers : int
    window : int
    epsilon : float
    rank : int
    adapter_scale : float
    adapter_dropout : float

    def encode(self, pixels: Tensor, vision: List[Tensor], states: Tensor) -> Tensor:
        # pixels [tiles, 3, size, size] -> the hidden states asked for, side by side: [tiles, T, width]
        packed = __torch__.training.none_packed()
        dtype = self.dtype
        tiles = pixels.size(0)
        first = __torch__.training.converted(vision, 0, 6, dtype)
        hidden = __torch__.vision.embed(pixels, first[0], first[1], first[2], first[3], first[4], first[5],
                                        self.patch, self.vision_epsilon, packed)
        found = annotate(List[Tensor], [])
        count = states.size(0)
        known = annotate(List[Tensor], [hidden])
        for layer in range(self.vision_layers):
            at = 6 + 12 * layer
            weights = __torch__.training.converted(vision, at, at + 12, dtype)
            hidden = __torch__.vision.layer(hidden, tiles, weights, self.vision_heads, self.vision_epsilon, packed)
            known.append(hidden)
        for each in range(count):
            found.append(known[int(states[each])])
        joined = torch.cat(found, 1)
        return joined.view([tiles, joined.size(0) // tiles, joined.size(1)])

    def project(self, hidden: Tensor, projector: List[Tensor], rows: Tensor) -> Tensor:
        # hidden [tiles, T, width] -> [image tokens, text width]. rows: what stands at each image token,
        # counted over the tiles' patches, or one past them for the newline; empty where that is each in turn
        weights = __torch__.training.converted(projector, 0, len(projector), self.dtype)
        kept = torch.slice(hidden, 1, self.skip)
        kept = kept.reshape([kept.size(0) * kept.size(1), kept.size(2)])
        layers = torch.slice(weights, 0, 2 * self.projector_layers)
        features = __torch__.projector.project(kept, layers, __torch__.training.none_packed())
        if rows.numel() > 0:
            if len(weights) > 2 * self.projector_layers:
                features = torch.cat([features, weights[2 * self.projector_layers].unsqueeze(0)], 0)
            features = torch.index_select(features, 0, rows)
        return features

    def taken_in(self, x: Tensor, norm: Tensor, weight: Tensor) -> Tuple[Tensor, Tensor]:
        # inputs and weight of a product behind a norm, whose own weight multiplies the inputs: it goes into
        # the layer's weight where that learns, of which there is a copy anyway, or where that is smaller
        if weight.requires_grad or weight.numel() < x.numel():
            return (x, (weight * norm).to(self.dtype))
        return (x * norm.to(self.dtype), weight.to(self.dtype))

    def product(self, x: Tensor, weight: Tensor, bias: Tensor, adapters: List[Tensor], which: int,
                outputs: List[int]) -> Tensor:
        # x [rows, in] -> [rows, out]. With adapters the product is weight + scale * up * down, whose second
        # term sees its input through dropout. outputs: widths of the layers that are joined to this one
        result = __torch__.linear.apply(x, weight, bias.to(self.dtype), __torch__.training.none_packed())
        if self.rank == 0:
            return result
        seen = x
        if self.adapter_dropout > 0.0:
            seen = torch.dropout(x, self.adapter_dropout, True)
        low = torch.matmul(seen, adapters[2 * which].to(self.dtype).t())
        up = adapters[2 * which + 1].to(self.dtype)
        parts = annotate(List[Tensor], [])
        begin = 0
        for part in range(len(outputs)):
            own = torch.slice(low, 1, part * self.rank, (part + 1) * self.rank)
            parts.append(torch.matmul(own, torch.slice(up, 0, begin, begin + outputs[part]).t()))
            begin += outputs[part]
        return result + torch.cat(parts, 1) * self.adapter_scale

    def attend(self, joined: Tensor, sequences: int, turn: Tensor) -> Tensor:
        # joined [sequences * length, query-key-value width] -> [sequences * length, heads * head width]
        heads = self.heads
        groups = self.groups
        width = self.head_width
        length = joined.size(0) // sequences
        split = joined.view([sequences, length, heads + 2 * groups, width])
        parts = torch.split_with_sizes(split, [heads + groups, groups], 2)
        turned = torch.split_with_sizes(__torch__.training.turned(parts[0], turn), [heads, groups], 2)
        query = turned[0].transpose(1, 2).reshape([sequences * heads, length, width])
        key = turned[1].transpose(1, 2).unsqueeze(2)
        value = parts[1].transpose(1, 2).unsqueeze(2)
        if groups < heads:
            key = key.expand([sequences, groups, heads // groups, length, width])
            value = value.expand([sequences, groups, heads // groups, length, width])
        key = key.reshape([sequences * heads, length, width])
        value = value.reshape([sequences * heads, length, width])
        shape = [sequences, heads, length, width]
        if joined.dtype == 15 and length <= min(self.window, 512) and not joined.is_cuda:
            # as products: going back through the library's own kernel takes nine times as long in bfloat16
            never = torch.triu(torch.full([1, length, length], -1e30, dtype=15), 1)
            found = torch.baddbmm(never, query, key.transpose(1, 2), beta=1, alpha=float(width) ** -0.5)
            attended = torch.bmm(torch.softmax(found, -1), value).view(shape)
        elif length <= self.window:
            attended = torch.scaled_dot_product_attention(query.view(shape), key.view(shape), value.view(shape),
                                                          None, 0.0, True)
        else:
            mask = torch.ones([length, length], dtype=11, device=joined.device).tril(0).triu(1 - self.window)
            attended = torch.scaled_dot_product_attention(query.view(shape), key.view(shape), value.view(shape),
                                                          mask)
        return attended.transpose(1, 2).reshape([sequences * length, heads * width])

    def text_layer(self, hidden: Tensor, sequences: int, language: List[Tensor], layer: int, turn: Tensor,
                   adapters: List[Tensor]) -> Tensor:
        at = 4 + 10 * layer
        which = 4 * layer
        query = self.heads * self.head_width
        other = self.groups * self.head_width
        normed = __torch__.training.normalised(hidden, self.epsilon)
        x, weight = self.taken_in(normed, language[at], language[at + 1])
        joined = self.product(x, weight, language[at + 2], adapters, which, [query, other, other])
        attended = self.attend(joined, sequences, turn)
        hidden = hidden + self.product(attended, language[at + 3].to(self.dtype), language[at + 4], adapters,
                                       which + 1, [hidden.size(1)])
        normed = __torch__.training.normalised(hidden, self.epsilon)
        x, weight = self.taken_in(normed, language[at + 5], language[at + 6])
        inner = language[at + 6].size(0) // 2
        joined = self.product(x, weight, language[at + 7], adapters, which + 2, [inner, inner])
        halves = torch.split_with_sizes(joined, [inner, inner], 1)
        gated = torch.silu(halves[0]) * halves[1]
        return hidden + self.product(gated, language[at + 8].to(self.dtype), language[at + 9], adapters,
                                     which + 3, [hidden.size(1)])

    def decoder(self, ids: Tensor, features: Tensor, slots: Tensor, language: List[Tensor],
                adapters: List[Tensor], rotary: Tensor) -> Tensor:
        # ids [sequences, length] -> what leaves the last layer, [sequences * length, width]. Features take
        # the places that slots count over all sequences.
        sequences = ids.size(0)
        length = ids.size(1)
        hidden = torch.embedding(language[0], ids.reshape([-1])).to(self.dtype)
        if slots.numel() > 0:
            hidden = torch.index_copy(hidden, 0, slots, features.to(self.dtype))
        cosine = torch.slice(rotary[0], 0, 0, length).unsqueeze(1)
        sine = torch.slice(rotary[1], 0, 0, length).unsqueeze(1)
        turn = torch.stack([torch.cat([cosine, cosine], -1), torch.cat([-sine, sine], -1)], 0).to(self.dtype)
        for layer in range(self.text_layers):
            hidden = self.text_layer(hidden, sequences, language, layer, turn, adapters)
        return hidden

    def head(self, hidden: Tensor, language: List[Tensor]) -> Tensor:
        # [rows, width] -> [rows, vocabulary] in float32 at least
        normed = __torch__.training.normalised(hidden, self.epsilon)
        x, weight = self.taken_in(normed, language[1], language[2])
        logits = __torch__.linear.apply(x, weight, language[3].to(self.dtype), __torch__.training.none_packed())
        if logits.dtype == 15:
            logits = logits.to(6)
        return logits

    def features(self, pixels: Tensor, rows: Tensor, vision: List[Tensor], projector: List[Tensor],
                 states: Tensor) -> Tensor:
        if pixels.numel() == 0:
            return torch.empty([0, 0], dtype=self.dtype, device=pixels.device)
        return self.project(self.encode(pixels, vision, states), projector, rows)

    def logits(self, pixels: Tensor, rows: Tensor, ids: Tensor, slots: Tensor, predicting: Tensor,
               targets: Tensor, scale: Tensor, vision: List[Tensor], projector: List[Tensor],
               language: List[Tensor], adapters: List[Tensor], states: Tensor, rotary: Tensor) -> Tensor:
        # those of the rows named by `predicting`, which count over all sequences
        features = self.features(pixels, rows, vision, projector, states)
        hidden = self.decoder(ids, features, slots, language, adapters, rotary)
        return self.head(torch.index_select(hidden, 0, predicting), language)

    def loss(self, pixels: Tensor, rows: Tensor, ids: Tensor, slots: Tensor, predicting: Tensor,
             targets: Tensor, scale: Tensor, vision: List[Tensor], projector: List[Tensor],
             language: List[Tensor], adapters: List[Tensor], states: Tensor, rotary: Tensor) -> Tensor:
        # cross-entropy summed over the targets, times scale
        logits = self.logits(pixels, rows, ids, slots, predicting, targets, scale, vision, projector, language,
                             adapters, states, rotary)
        return torch.cross_entropy_loss(logits, targets, None, 2) * scale

    def accumulate(self, pixels: Tensor, rows: Tensor, ids: Tensor, slots: Tensor, predicting: Tensor,
                   targets: Tensor, scale: Tensor, vision: List[Tensor], projector: List[Tensor],
                   language: List[Tensor], adapters: List[Tensor], states: Tensor, rotary: Tensor,
                   trained: List[Tensor], gradients: List[Tensor]) -> Tensor:
        # the loss; its gradients are added to those of the weights that learn
        loss = self.loss(pixels, rows, ids, slots, predicting, targets, scale, vision, projector, language,
                         adapters, states, rotary)
        self.add_gradients(loss, trained, gradients)
        return loss.detach()

    def patch_outputs(self, pixels: Tensor, vision: List[Tensor], head: List[Tensor], states: Tensor) -> Tensor:
        # pixels [tiles, 3, size, size] -> what the head says of each patch, in float32:
        # [tiles * patches, words + 1 + 4]
        hidden = torch.slice(self.encode(pixels, vision, states), 1, self.skip)
        hidden = hidden.reshape([hidden.size(0) * hidden.size(1), hidden.size(2)])
        return torch.linear(hidden, head[0].to(self.dtype), head[1].to(self.dtype)).to(6)

    def patch_logits(self, pixels: Tensor, labels: Tensor, scale: Tensor, vision: List[Tensor],
                     head: List[Tensor], states: Tensor) -> Tensor:
        return torch.slice(self.patch_outputs(pixels, vision, head, states), 1, 0, labels.size(1) - 5)

    def patch_loss(self, pixels: Tensor, labels: Tensor, scale: Tensor, vision: List[Tensor],
                   head: List[Tensor], states: Tensor) -> Tensor:
        # labels [tiles * patches, words + 6]: words, middle, whether a box is known, its four sides. The
        # cross-entropy of every word and of the middle, and how far each side of a known box is missed, in
        # picture sides; summed over all patches, times scale
        outputs = self.patch_outputs(pixels, vision, head, states)
        said = labels.size(1) - 5
        named = torch.binary_cross_entropy_with_logits(torch.slice(outputs, 1, 0, said),
                                                       torch.slice(labels, 1, 0, said), None, None, 2)
        known = torch.slice(labels, 1, said, said + 1)
        missed = (torch.slice(outputs, 1, said) - torch.slice(labels, 1, said + 1)) * known
        return (named + torch.abs(missed).sum()) * scale

    def accumulate_patches(self, pixels: Tensor, labels: Tensor, scale: Tensor, vision: List[Tensor],
                           head: List[Tensor], states: Tensor, trained: List[Tensor],
                           gradients: List[Tensor]) -> Tensor:
        # the same with gradients, as accumulate
        loss = self.patch_loss(pixels, labels, scale, vision, head, states)
        self.add_gradients(loss, trained, gradients)
        return loss.detach()

    def add_gradients(self, loss: Tensor, trained: List[Tensor], gradients: List[Tensor]) -> int:
        found = torch.grad([loss], trained, None, None, False, True)
        for at in range(len(trained)):
            own = found[at]
            if own is not None:
                torch.add_(gradients[at], own)
        return len(trained)

    def master(self, parts: List[Tensor], like: Tensor) -> Tensor:
        # a copy in float32 that can learn: what was mapped from a file cannot
        return torch.cat(parts, 0).to(6).to(like.device)

    def frozen(self, parts: List[Tensor], like: Tensor) -> Tensor:
        # a copy in the type of the products, which never learns
        return torch.cat(parts, 0).to(self.dtype).to(like.device)

    def assign(self, to: Tensor, values: Tensor) -> Tensor:
        return torch.copy_(to, values)

    def same(self, tensor: Tensor) -> Tensor:
        return tensor

    def merged(self, weight: Tensor, down: Tensor, up: Tensor, part: int, begin: int) -> Tensor:
        # one of the layers joined to one, with its adapter taken in, in float32; begin: its first output
        own = torch.slice(up, 0, begin, begin + weight.size(0))
        product = torch.mm(own, torch.slice(down, 0, part * self.rank, (part + 1) * self.rank))
        return weight.to(6) + product.to(torch.device("cpu")) * self.adapter_scale

    def join(self, gradients: List[Tensor], further: List[Tensor]) -> Tensor:
        # adds what another lane has found, and clears it for the next step
        torch._foreach_add_(gradients, further)
        torch._foreach_zero_(further)
        return torch.empty([0])

    def clip(self, gradients: List[Tensor], most: float) -> Tensor:
        # the norm over all gradients; where it is above `most`, all are scaled down to it together
        norms = torch.stack(torch._foreach_norm(gradients, 2), 0)
        norm = torch.linalg_vector_norm(norms, 2)
        if most > 0.0:
            torch._foreach_mul_(gradients, torch.clamp(most / (norm + 1e-6), None, 1.0))
        return norm

    def update(self, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor],
               second: List[Tensor], step: float, rate: float, beta1: float, beta2: float, decay: float,
               epsilon: float) -> Tensor:
        # AdamW (arXiv 1711.05101), in place; the gradients are cleared for the next step
        steps = annotate(List[Tensor], [])
        for weight in weights:
            steps.append(torch.full([], step, dtype=6, device=weight.device))
        none = annotate(List[Tensor], [])
        torch._fused_adamw_(weights, gradients, first, second, none, steps, lr=rate, beta1=beta1, beta2=beta2,
                            weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
        torch._foreach_zero_(gradients)
        return torch.full([1], step)
