"""The drill-down page of a rehearsal: one HTML file that needs nothing but itself."""
