"""The teaching site: static pages made from specs, goldens and the ledger; nothing is trained."""
