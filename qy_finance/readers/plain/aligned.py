def aligned_grids(text, rows):
    return []
