"""Where priority households are housed."""

import numpy as np
import pytest

from sim.indicators import where
from sim.outcomes import MONTH_S


def test_shares_are_those_of_the_leases_of_the_public(build, find):
    signed = [
        {"dalo": True, "in_qpv": True, "peuplement_type": "a_conforter"},
        {"dalo": True, "peuplement_type": "en_capacite"},
        {"dalo": True, "first_quartile": True, "peuplement_type": "en_capacite", "signed_s": 20 * MONTH_S},
        {"in_qpv": True},  # of no public
    ]
    rows = where.compute(build(leases=signed))
    assert find(rows, "in_qpv_share", "dalo") == pytest.approx(1 / 3)
    assert find(rows, "in_qpv_share", "dalo", 2027) == pytest.approx(1 / 2)
    assert find(rows, "in_type_share", "dalo@en_capacite") == pytest.approx(2 / 3)
    assert find(rows, "in_type_share", "first_quartile@en_vigilance", 2028) == 0
    assert np.isnan(find(rows, "in_qpv_share", "l441_1"))
