"""The two-state chain of presence behind every multi-season model: one forward and one backward pass."""

import numpy as np

from ecostat.compiled import warmed
from ecostat.floats import Floats


def _steps(psi_eta: Floats, gamma_eta: Floats, epsilon_eta: Floats, there: Floats, gone: Floats) -> int:
    return 30 * there.size


@warmed(_steps)
def chain(
    psi_eta: Floats, gamma_eta: Floats, epsilon_eta: Floats, there: Floats, gone: Floats
) -> tuple[float, Floats, Floats, Floats, Floats]:
    """Log-likelihood, its slopes in the predictors of psi, gamma and epsilon (Fisher's identity), and
    smoothed presence (sites, seasons), from the log-likelihood of each season's visits where present
    (`there`) and where absent (`gone`), both (sites, seasons)."""
    sites, seasons = there.shape
    value = 0.0
    s_psi = np.zeros(sites)
    s_gamma = np.zeros((sites, max(seasons - 1, 0)))
    s_epsilon = np.zeros((sites, max(seasons - 1, 0)))
    smoothed = np.zeros((sites, seasons))
    on = np.empty(seasons)
    off = np.empty(seasons)
    ahead = np.empty((seasons, 2))
    behind = np.empty((seasons, 2))
    for i in range(sites):
        psi = 1.0 / (1.0 + np.exp(-psi_eta[i]))
        for t in range(seasons):
            most = max(there[i, t], gone[i, t])
            value += most
            on[t], off[t] = np.exp(there[i, t] - most), np.exp(gone[i, t] - most)
            if t == 0:
                absent, present = 1.0 - psi, psi
            else:
                g = 1.0 / (1.0 + np.exp(-gamma_eta[i, t - 1]))
                e = 1.0 / (1.0 + np.exp(-epsilon_eta[i, t - 1]))
                absent = ahead[t - 1, 0] * (1.0 - g) + ahead[t - 1, 1] * e
                present = ahead[t - 1, 0] * g + ahead[t - 1, 1] * (1.0 - e)
            ahead[t, 0] = absent * off[t]
            ahead[t, 1] = present * on[t]
            total = ahead[t, 0] + ahead[t, 1]
            value += np.log(total)
            ahead[t, 0] /= total
            ahead[t, 1] /= total
        behind[seasons - 1, :] = 1.0
        for t in range(seasons - 2, -1, -1):
            g = 1.0 / (1.0 + np.exp(-gamma_eta[i, t]))
            e = 1.0 / (1.0 + np.exp(-epsilon_eta[i, t]))
            from_absent = (1.0 - g) * off[t + 1] * behind[t + 1, 0]
            from_absent_to_present = g * on[t + 1] * behind[t + 1, 1]
            to_absent = e * off[t + 1] * behind[t + 1, 0]
            stay = (1.0 - e) * on[t + 1] * behind[t + 1, 1]
            weight = ahead[t, 0] * (from_absent + from_absent_to_present) + ahead[t, 1] * (to_absent + stay)
            s_gamma[i, t] = ahead[t, 0] * (from_absent_to_present * (1.0 - g) - from_absent * g) / weight
            s_epsilon[i, t] = ahead[t, 1] * (to_absent * (1.0 - e) - stay * e) / weight
            behind[t, 0] = (from_absent + from_absent_to_present) / weight
            behind[t, 1] = (to_absent + stay) / weight
        for t in range(seasons):
            up, down = ahead[t, 1] * behind[t, 1], ahead[t, 0] * behind[t, 0]
            smoothed[i, t] = up / (up + down)
        s_psi[i] = smoothed[i, 0] - psi
    return value, s_psi, s_gamma, s_epsilon, smoothed
