"""How it unfolds: the engine, tenancies, demand flows, sittings, acceptance."""
