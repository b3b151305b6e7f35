"""What another release changes: environments, the rehearsal, the search, the reasons."""
