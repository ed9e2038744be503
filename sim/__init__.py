"""The simulator, read top to bottom as the data flows: territory, rules, policies, process, outcomes, indicators."""
