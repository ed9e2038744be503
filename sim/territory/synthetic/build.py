"""How is a territory synthesised from its file, at full size or at a smaller scale?"""

from __future__ import annotations

from sim.chance import Chance
from sim.territory.columns import Territory, frozen
from sim.territory.synthetic.demands import pending_demands
from sim.territory.synthetic.placement import settle
from sim.territory.synthetic.selection import select
from sim.territory.synthetic.spec import SyntheticTerritory, load_spec
from sim.territory.synthetic.stock import form_stock

__all__ = ["BANNER", "load_spec", "synthesise"]

BANNER = (
    "Données de synthèse : aucun résultat ne décrit une résidence, un bailleur ou la politique de cet EPCI"
)
"""Sentence every figure, sheet and report of a synthetic territory carries."""


def synthesise(spec: SyntheticTerritory, scale: float = 1.0, seed: int | None = None) -> Territory:
    """Synthesise a territory.

    1. Form the residences at full size from the published margins.
    2. Keep whole residences, stratified by commune × bailleur, holding `scale` of the dwellings.
    3. Draw their occupants and place them.
    4. Draw `scale` × the pending requests.

    Parameters
    ----------
    scale : share of the territory, in (0, 1]; every bailleur keeps a residence.
    seed : territory seed; by default that of the file. Every draw is keyed on the text of an identity.

    Raises
    ------
    ValueError
        when the scale is not in (0, 1], or when the margins of the file cannot be met together.
    """
    if not 0.0 < scale <= 1.0:
        raise ValueError(f"échelle {scale:g} : attendue au-dessus de 0 et au plus 1")
    chance = Chance(spec.seed if seed is None else seed)
    whole = form_stock(spec, chance)
    stock = whole.keep(select(whole, scale, chance))
    occupants, people = settle(spec, stock, chance)
    number = max(1, round(scale * spec.demand.requests.value))
    demands = pending_demands(spec, stock, occupants, people, number, chance)
    origin = spec.stock.source or f"aucune marge publiée, hypothèse : {spec.stock.hypothesis}"
    label = "marges publiées" if spec.stock.source else "marges fictives"
    return Territory(
        name=spec.name,
        epci=spec.epci,
        departements=spec.departements,
        as_of=spec.as_of,
        synthetic=True,
        communes=tuple(commune.code for commune in spec.stock.communes),
        commune_names=tuple(commune.name for commune in spec.stock.communes),
        bailleurs=spec.bailleurs,
        residences=frozen(stock.residences),
        dwellings=frozen(stock.dwellings),
        occupants=frozen(occupants),
        demands=frozen(demands),
        notes=(f"Territoire de synthèse, {label} : {origin}", BANNER),
    )
