# Keys and values of all sequences in pages of equally many positions, as in arXiv 2309.06180: a store is
# [pages, key/value heads, positions, head width], one for the keys and one for the values of each layer.
#
# A decode step's attention is two products over the pages of all its sequences. The softmax between runs
# over a sequence's pages side by side, and the pages' answers are added in their order, so the sums of a
# sequence do not depend on how long the others are, nor on where its pages lie.
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


def read(store: Tensor, pages: Tensor, begin: int, end: int) -> Tensor:
    # of one sequence's pages, laid side by side, positions begin .. end: [heads, positions, width]
    # (pages first: of a store that is turned, the library copies the whole before it selects)
    together = torch.index_select(store, 0, pages).transpose(0, 1).flatten(1, 2)
    return torch.slice(together, 1, begin, end)


def own_pages(pages: List[int], table: List[int], ends: List[int], store: Tensor) -> List[Tensor]:
    # of each row of the table
    size = store.size(2)
    most = len(table) // len(ends)
    found = annotate(List[Tensor], [])
    for row in range(len(ends)):
        own = annotate(List[int], [])
        for unit in table[row * most:row * most + (ends[row] - 1) // size + 1]:
            own.append(pages[unit])
        found.append(torch.tensor(own, dtype=4, device=store.device))
    return found


def places(pages: List[int], table: List[int], ends: List[int], store: Tensor) -> Tensor:
    # [B * heads]: where the step's keys and values go, which are the last that a sequence reads
    groups = store.size(1)
    size = store.size(2)
    most = len(table) // len(ends)
    found = annotate(List[int], [])
    for row in range(len(ends)):
        last = ends[row] - 1
        page = pages[table[row * most + last // size]]
        for head in range(groups):
            found.append((page * groups + head) * size + last % size)
    return torch.tensor(found, dtype=4, device=store.device)


def plan(table: List[int], order: List[int], begins: List[int], ends: List[int],
         store: Tensor) -> List[Tensor]:
    # table [B, most]: each row's units in order, then its first one again. order [units]: where each is in
    # the table; some place for what nobody looks at. begins, ends [B]: the positions that a row attends to,
    # counted from its first page on.
    device = store.device
    batch = len(ends)
    size = store.size(2)
    most = len(table) // batch
    units = torch.tensor(table, dtype=4, device=device)
    back = torch.tensor(order, dtype=4, device=device)
    begin = torch.tensor(begins, dtype=4, device=device).unsqueeze(1)
    end = torch.tensor(ends, dtype=4, device=device).unsqueeze(1)
    position = torch.arange(most * size, dtype=4, device=device)
    outside = torch.logical_or(torch.lt(position, begin), torch.ge(position, end))
    hidden = (outside.to(6) * -1e30).to(store.dtype).view([batch, 1, most, size])
    filled = torch.lt(torch.arange(0, most * size, size, dtype=4, device=device), end).to(6).unsqueeze(2)
    return [units, back, torch.floor_divide(back, most), hidden, filled]


def is_ordered(table: List[int], pages: List[int]) -> bool:
    # whether the table says 0, 1, 2 and so on, each unit once
    same = len(table) == len(pages)
    for place in range(len(table)):
        if table[place] != place:
            same = False
    return same


def attend(query: Tensor, keys: Tensor, values: Tensor, runs: List[int], plan: List[Tensor],
           ordered: bool, room: Tensor) -> Tensor:
    # query [B, heads, width], scaled where that loses nothing -> [B, heads * width]. runs: first page and
    # number of pages of each. ordered: the units are what the table says, in that order. room [B, heads, most,
    # size]: what scores are written to.
    batch = query.size(0)
    heads = query.size(1)
    width = query.size(2)
    size = keys.size(2)
    asked = torch.index_select(query, 0, plan[2])
    scores = __torch__.pages.multiply(asked, keys, runs, True)
    if not ordered:
        scores = torch.index_select(scores, 0, plan[0])
    side = scores.view([batch, -1, heads, size]).transpose(1, 2)
    torch.add(side, plan[3], alpha=1, out=room)
    shares = torch.softmax(room.view([batch, heads, -1]), -1)
    shares = shares.view([batch, heads, -1, size]).transpose(1, 2).contiguous().view([-1, heads, size])
    if not ordered:
        shares = torch.index_select(shares, 0, plan[1])
    answers = __torch__.pages.multiply(shares, values, runs, False)
    if ordered:
        parts = answers.view([batch, -1, heads * width])
    else:
        parts = torch.index_select(answers, 0, plan[0]).view([batch, -1, heads * width]) * plan[4]
    # Adds one page after the other, however many nothings follow.
    return torch.sum(parts, [1], False, dtype=6).to(query.dtype)


def multiply(rows: Tensor, store: Tensor, runs: List[int], are_queries: bool) -> Tensor:
    # rows [units, heads, n], each by its unit's part of the store. Queries, scaled where that loses nothing,
    # by keys: [units, heads, positions of a page]. Shares of the positions by values: [units, heads, width].
    units = rows.size(0)
    heads = rows.size(1)
    groups = store.size(1)
    scaled = __torch__.attention.is_scaled_without_loss(store.size(3))
    split = rows.view([units * groups, heads // groups, rows.size(2)])
    found = annotate(List[Tensor], [])
    at = 0
    for run in range(0, len(runs), 2):
        own = torch.slice(store, 0, runs[run], runs[run] + runs[run + 1]).flatten(0, 1)
        part = torch.slice(split, 0, at, at + own.size(0))
        if not are_queries:
            found.append(torch.bmm(part, own))
        elif scaled:
            found.append(torch.bmm(part, own.transpose(1, 2)))
        else:
            found.append(__torch__.attention.scores(part, own))
        at += own.size(0)
    whole = found[0]
    if len(found) > 1:
        whole = torch.cat(found, 0)
    return whole.view([units, heads, -1])


def attend_apart(query: Tensor, keys: Tensor, values: Tensor, pages: List[Tensor], begins: List[int],
                 ends: List[int]) -> Tensor:
    # the same by the library's kernel, one sequence at a time, in any type and on any device
    batch = query.size(0)
    groups = keys.size(1)
    asked = query.reshape([batch, 1, groups, query.size(1) // groups, query.size(2)])
    answers = annotate(List[Tensor], [])
    for row in range(batch):
        key = __torch__.pages.read(keys, pages[row], begins[row], ends[row]).unsqueeze(0)
        value = __torch__.pages.read(values, pages[row], begins[row], ends[row]).unsqueeze(0)
        answers.append(torch.scaled_dot_product_attention(asked[row], key, value))
    return torch.cat(answers, 0).view([batch, -1])
