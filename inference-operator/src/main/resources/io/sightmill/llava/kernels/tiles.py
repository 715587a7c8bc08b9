# LLaVA-NeXT's tiles (llava-vl.github.io, January 2024): one picture of patches again.


class Tiles(Module):

    def join(self, tiles: List[Tensor], newline: Tensor, grid: List[int], rows: List[int],
             columns: List[int]) -> Tensor:
        # tiles: the whole image, then row by row, each [side * side, width]; grid: tiles below each
        # other, tiles beside each other, side; rows and columns: begin and end of the patches that are
        # kept. -> [side * side + kept rows * (kept columns + 1), width]
        side = grid[2]
        width = newline.size(0)
        whole = tiles[0]
        parts = torch.stack(torch.slice(tiles, 1), 0).view([grid[0], grid[1], side, side, width])
        picture = parts.permute([0, 2, 1, 3, 4]).reshape([grid[0] * side, grid[1] * side, width])
        kept = torch.slice(torch.slice(picture, 0, rows[0], rows[1]), 1, columns[0], columns[1])
        ends = newline.to(whole.dtype).view([1, 1, width]).expand([kept.size(0), 1, width])
        lines = torch.cat([kept, ends], 1)
        return torch.cat([whole, lines.reshape([-1, width])], 0)
