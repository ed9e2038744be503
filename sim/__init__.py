"""The simulator, read as the data flows: territory, rules, policies, process, outcomes, indicators."""
