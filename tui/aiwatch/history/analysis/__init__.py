"""What is worked out of kept bars with pandas, in a command or in the child process; `results`, `claims`, `past_closes`
and `benchmarks` do without it.

Formulas and their traps are said where each is worked out. Percent changes of a claim and days at the limit are of
unadjusted prices; returns, comparison and correlation of adjusted ones.
"""
