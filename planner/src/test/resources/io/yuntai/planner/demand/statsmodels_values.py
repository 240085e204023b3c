"""Makes statsmodels-values.csv, which SeasonsTest compares Java's decomposition and damped trend with.

    python3 -m venv v && v/bin/pip install statsmodels==0.14.6 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
    v/bin/python statsmodels_values.py > statsmodels-values.csv

The series is made up: days, weeks, a slow growth and unrest from a fixed generator. Columns: the series, what MSTL
(periods 24 and 168, defaults) says of it with a value at each point, and with values at a tenth of the windows' points;
the rows of "damped" are Holt's damped trend of what is left without seasons: fixed parameters, the best parameters, and
the next 24 points by the best.
"""

import math
import sys
import warnings

import numpy as np
import scipy
import pandas
import statsmodels
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.seasonal import MSTL

warnings.simplefilter("ignore")
HOURS = 400
PERIODS = (24, 168)


def unrest():
    state = 20261123
    while True:  # Lehmer's generator, the same everywhere
        state = state * 48271 % 2147483647
        yield state / 2147483647 - 0.5


def series():
    noise = unrest()
    level = 0.0
    values = []
    for hour in range(HOURS):
        level += 0.3 * next(noise)
        day = 4 * math.sin(2 * math.pi * (hour % 24 - 6) / 24) + (2 if hour % 24 in (9, 10) else 0)
        week = -3 if hour // 24 % 7 >= 5 else 0
        values.append(50 + 0.01 * hour + level + day + week + 2 * next(noise))
    return np.array(values)


def apart(y, share):
    """MSTL with smoothing windows' jumps, which STL takes for one period at a time."""
    if share == 0:
        done = MSTL(y, periods=PERIODS).fit()
        return done.seasonal[:, 0], done.seasonal[:, 1], done.trend
    from statsmodels.tsa.seasonal import STL

    seasons = [np.zeros(HOURS), np.zeros(HOURS)]
    rest = y.copy()
    for _ in range(2):
        for i, period in enumerate(PERIODS):
            rest = rest + seasons[i]
            window = 11 + 4 * i
            trend = math.ceil(1.5 * period / (1 - 1.5 / window))
            trend += trend % 2 == 0
            low = period + 1
            low += low % 2 == 0
            done = STL(
                rest, period=period, seasonal=window, trend=trend, low_pass=low,
                trend_jump=math.ceil(share * trend), low_pass_jump=math.ceil(share * low)).fit()
            seasons[i] = done.seasonal
            rest = rest - seasons[i]
    return seasons[0], seasons[1], done.trend


def damped(y):
    model = lambda: ExponentialSmoothing(
        y, trend="add", damped_trend=True, initialization_method="known", initial_level=y[0], initial_trend=0.0)
    fixed = model().fit(smoothing_level=0.4, smoothing_trend=0.2, damping_trend=0.9, optimized=False)
    best = model().fit(minimize_kwargs={"options": {"ftol": 1e-14, "gtol": 1e-10, "maxiter": 5000}})
    return fixed, best


def main():
    out = sys.stdout
    out.write("# numpy %s, scipy %s, pandas %s, statsmodels %s\n" % (
        np.__version__, scipy.__version__, pandas.__version__, statsmodels.__version__))
    y = series()
    each = apart(y, 0)
    tenth = apart(y, 0.1)
    out.write("hour,y,day,week,trend,day_tenth,week_tenth,trend_tenth\n")
    for hour in range(HOURS):
        row = [y[hour], each[0][hour], each[1][hour], each[2][hour], tenth[0][hour], tenth[1][hour], tenth[2][hour]]
        out.write("%d,%s\n" % (hour, ",".join("%.9f" % value for value in row)))
    plain = y - each[0] - each[1]
    fixed, best = damped(plain)
    out.write("damped,fixed,%.9f,%s\n" % (fixed.sse, ",".join("%.9f" % v for v in fixed.forecast(24))))
    p = best.params
    out.write("damped,best,%.9f,%s\n" % (best.sse, ",".join("%.9f" % v for v in best.forecast(24))))
    out.write("# best: follows %.6f, grows %.6f, damping %.6f\n" % (
        p["smoothing_level"], p["smoothing_trend"], p["damping_trend"]))


main()
