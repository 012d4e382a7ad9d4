"""Every figure, in exact decimals: totals, scores, stored values of formulas, flags."""
