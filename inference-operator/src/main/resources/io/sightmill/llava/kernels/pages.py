# Keys and values of all sequences in pages of equally many positions, as in arXiv 2309.06180: a store is
# [pages, key/value heads, positions, head width], one for the keys and one for the values of each layer.
#
# A decode step's attention is two products over the pages of all its sequences. Each page is attended to
# by itself and the answers are weighed afterwards, in the order of a sequence's pages (as in
# arXiv 2205.14135), so the sums of a sequence do not depend on how long the others are.
#
# What a step reads is called units: the pages from the first to the last of each run of neighbours, also
# those between that belong to nobody in the batch, whose answers are not looked at.


def stretch(pages: List[int], start: int, rows: int, store: Tensor) -> Tensor:
    # [rows * heads]: where positions start .. start + rows of one sequence lie in a store, as rows of width
    groups = store.size(1)
    size = store.size(2)
    own = torch.tensor(pages, dtype=4, device=store.device)
    positions = torch.arange(start, start + rows, dtype=4, device=store.device)
    page = torch.index_select(own, 0, torch.floor_divide(positions, size)).unsqueeze(1)
    head = torch.arange(groups, dtype=4, device=store.device)
    return ((page * groups + head) * size + torch.remainder(positions, size).unsqueeze(1)).flatten()


def write(store: Tensor, places: Tensor, rows: Tensor) -> Tensor:
    # rows [positions, heads, width]
    width = store.size(3)
    return torch.index_copy_(store.view([-1, width]), 0, places, rows.reshape([-1, width]))


def read(store: Tensor, pages: List[int], begin: int, end: int) -> Tensor:
    # positions begin .. end of one sequence: [heads, positions, width]
    size = store.size(2)
    first = begin // size
    own = torch.tensor(pages[first:(end - 1) // size + 1], dtype=4, device=store.device)
    together = torch.index_select(store.transpose(0, 1), 1, own).flatten(1, 2)
    return torch.slice(together, 1, begin - first * size, end - first * size)


def places(pages: List[int], table: List[int], spans: List[int], positions: List[int],
           store: Tensor) -> Tensor:
    # [B * heads]: where the step's keys and values go. The last page that a sequence reads is written.
    groups = store.size(1)
    size = store.size(2)
    most = len(table) // len(spans)
    found = annotate(List[int], [])
    for row in range(len(spans)):
        page = pages[table[row * most + spans[row] - 1]]
        for head in range(groups):
            found.append((page * groups + head) * size + positions[row] % size)
    return torch.tensor(found, dtype=4, device=store.device)


def plan(owners: List[int], valid: List[int], table: List[int], spans: List[int],
         store: Tensor) -> List[Tensor]:
    # owners [units]: the row of the batch whose page it is. valid [units, 2]: its positions that are
    # attended to, from and to. table [B, most]: each row's units in order, then its first one again; most
    # is a multiple of 16, so that all sums over it are of whole vectors. spans [B]: how many there are.
    device = store.device
    batch = len(spans)
    most = len(table) // batch
    bounds = torch.tensor(valid, dtype=4, device=device).view([-1, 2, 1])
    position = torch.arange(store.size(2), dtype=4, device=device)
    outside = torch.logical_or(torch.lt(position, bounds.select(1, 0)), torch.ge(position, bounds.select(1, 1)))
    hidden = (outside.to(6) * -1e30).to(store.dtype).unsqueeze(1)
    length = torch.tensor(spans, dtype=4, device=device).view([-1, 1])
    surplus = torch.ge(torch.arange(most, dtype=4, device=device), length)
    absent = (surplus.to(6) * -1e30).unsqueeze(1)
    units = torch.tensor(table, dtype=4, device=device).view([batch, most])
    return [torch.tensor(owners, dtype=4, device=device), hidden, units, absent]


def attend(query: Tensor, keys: Tensor, values: Tensor, runs: List[int], plan: List[Tensor],
           longest: int) -> Tensor:
    # query [B, heads, width] -> [B, heads * width]. runs: first page and number of pages of each. longest:
    # most pages of a sequence.
    heads = query.size(1)
    width = query.size(2)
    groups = keys.size(1)
    size = keys.size(2)
    asked = torch.index_select(query, 0, plan[0])
    units = asked.size(0)
    asked = asked.view([units * groups, heads // groups, width])
    scale = float(width) ** -0.5
    nothing = torch.zeros([1, 1, 1], dtype=query.dtype)
    scores = torch.empty([units * groups, heads // groups, size], dtype=query.dtype)
    at = 0
    for run in range(len(runs) // 2):
        own = torch.slice(keys, 0, runs[2 * run], runs[2 * run] + runs[2 * run + 1]).view([-1, size, width])
        end = at + own.size(0)
        torch.baddbmm(nothing, torch.slice(asked, 0, at, end), own.transpose(1, 2), beta=0, alpha=scale,
                      out=torch.slice(scores, 0, at, end))
        at = end
    scores = torch.add_(scores.view([units, heads, size]), plan[1])
    shares = torch.softmax(scores, -1)
    answers = torch.empty([units * groups, heads // groups, width], dtype=query.dtype)
    split = shares.view([units * groups, heads // groups, size])
    at = 0
    for run in range(len(runs) // 2):
        own = torch.slice(values, 0, runs[2 * run], runs[2 * run] + runs[2 * run + 1]).view([-1, size, width])
        end = at + own.size(0)
        torch.bmm(torch.slice(split, 0, at, end), own, out=torch.slice(answers, 0, at, end))
        at = end
    return __torch__.pages.weigh(answers.view([units, heads, width]), torch.amax(scores, [-1]),
                                 torch.amax(shares, [-1]), plan[2], plan[3], longest)


def weigh(answers: Tensor, loudest: Tensor, shares: Tensor, table: Tensor, absent: Tensor,
          longest: int) -> Tensor:
    # answers [units, heads, width], each by the softmax over its own page; loudest [units, heads]: the
    # page's highest score, and the share it had there, so the page's sum of exponentials is its inverse
    batch = table.size(0)
    heads = answers.size(1)
    every = table.flatten()
    high = torch.index_select(loudest, 0, every).view([batch, -1, heads]).transpose(1, 2) + absent
    sums = torch.index_select(shares, 0, every).view([batch, -1, heads]).transpose(1, 2).to(6)
    weights = torch.softmax(high, -1) / sums
    filled = torch.slice(table, 1, 0, longest).flatten()
    parts = torch.index_select(answers, 0, filled).view([batch, longest, heads, -1])
    whole = weights.select(2, 0)
    answer = parts.select(1, 0) * whole.unsqueeze(2)
    for page in range(1, longest):
        weight = weights.select(2, page)
        whole = whole + weight
        answer = answer + parts.select(1, page) * weight.unsqueeze(2)
    return (answer / whole.unsqueeze(2)).to(answers.dtype).flatten(1)


def attend_apart(query: Tensor, keys: Tensor, values: Tensor, pages: List[int], valid: List[int],
                 table: List[int], spans: List[int]) -> Tensor:
    # the same by the library's kernel, one sequence at a time, in any type and on any device
    groups = keys.size(1)
    size = keys.size(2)
    most = len(table) // len(spans)
    batch = query.size(0)
    width = query.size(2)
    asked = query.reshape([batch, 1, groups, query.size(1) // groups, width])
    answers = annotate(List[Tensor], [])
    for row in range(batch):
        own = annotate(List[int], [])
        for unit in table[row * most:row * most + spans[row]]:
            own.append(pages[unit])
        begin = valid[2 * table[row * most]]
        end = (spans[row] - 1) * size + valid[2 * table[row * most + spans[row] - 1] + 1]
        key = __torch__.pages.read(keys, own, begin, end).unsqueeze(0)
        value = __torch__.pages.read(values, own, begin, end).unsqueeze(0)
        answers.append(torch.scaled_dot_product_attention(asked[row], key, value))
    return torch.cat(answers, 0).view([batch, -1])
