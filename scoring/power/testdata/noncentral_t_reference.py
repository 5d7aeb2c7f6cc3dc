# Makes noncentral_t_reference.csv and student_reference.csv with mpmath, in 40 digits:
#   python3 noncentral_t_reference.py upper > noncentral_t_reference.csv
#   python3 noncentral_t_reference.py quantile > student_reference.csv
import sys

import mpmath
from mpmath import betainc, exp, log, loggamma, mpf, ncdf, nstr, quad, sqrt

mpmath.mp.dps = 40


def upper(q, df, lam):
    """P(T > q), the expectation of Phi(lam - q s) over s = sqrt(chisq/df), integrated over log s in panels."""
    q, df, lam = mpf(q), mpf(df), mpf(lam)
    a = df / 2
    constant = log(2) + a * log(a) - loggamma(a)

    def g(x):
        return ncdf(lam - q * exp(x)) * exp(constant + df * x - a * exp(2 * x))

    def height(x):
        v = g(x)
        return log(v) if v > 0 else mpf(-10) ** 9

    low, high = -mpf(200) / min(df, 20) - 3, mpf(5)
    ratio = (sqrt(5) - 1) / 2
    for _ in range(120):
        c, d = high - ratio * (high - low), low + ratio * (high - low)
        if height(c) < height(d):
            low = c
        else:
            high = d
    mode = (low + high) / 2
    top = height(mode)

    def edge(direction):
        step = mpf(1) / 1000
        while height(mode + direction * step) > top - 75:
            step *= mpf(8) / 5
        return mode + direction * step

    left, right = edge(-1), edge(1)
    points = [mode + (left - mode) * i / 16 for i in range(17)] + [mode + (right - mode) * i / 16 for i in range(1, 17)]
    if lam > 0 and q > 0:
        turn = log(lam / q)
        points += [p for p in (turn + k / max(lam, 1) for k in (-8, -4, -2, 0, 2, 4, 8)) if left < p < right]
    return quad(g, sorted(points))


def student_upper(q, df):
    return betainc(df / 2, mpf(1) / 2, 0, df / (df + q * q), regularized=True) / 2


def quantile(tail, df):
    """The root in log q of log P(T > q) = log tail, by bisection."""
    low, high = mpf(-20), mpf(400)
    for _ in range(140):
        middle = (low + high) / 2
        if student_upper(exp(middle), df) > tail:
            low = middle
        else:
            high = middle
    return exp(low)


def heading(what, columns):
    print(f"# {what}, by mpmath {mpmath.__version__} with {mpmath.mp.dps} digits: noncentral_t_reference.py.")
    print(f"# Columns {columns}.")


if sys.argv[1] == "quantile":
    heading("Quantiles of Student's t", "tail, df, q")
    for df in ("0.5", "1", "1.5", "2", "3", "5", "13", "40", "126", "773", "20000"):
        for tail in ("0.4", "0.1", "0.05", "0.025", "0.005", "0.0005", "2.5e-08", "5e-13", "1e-30"):
            print(f"{tail},{df},{nstr(quantile(mpf(tail), mpf(df)), 17)}")
else:
    heading("Upper tails P(T > q) of the noncentral t distribution", "q, df, ncp, P")
    for df in (0.5, 1, 2, 3, 5, 13, 40, 126, 773, 20000, 1e7):
        normal = {0.025: 1.959963984540054, 1e-4: 3.719016485455709, 1e-8: 5.612001244174789, 1e-12: 7.034483825301131}
        quantiles = [float(quantile(mpf(t), mpf(df))) if df < 1e6 else z for t, z in normal.items()]
        for lam in (-3, 0, 0.01, 1, 2.8, 8.5, 21, 36.9, 45, 200):
            for q in quantiles + [0.3, max(lam, 0.5) * 1.02]:
                p = upper(q, df, lam)
                if p > mpf(10) ** -60:
                    print(f"{q!r},{df!r},{lam!r},{nstr(p, 17)}")
