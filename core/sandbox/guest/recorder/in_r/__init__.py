"""The recorder of R documents: R's own driver, and what listens to it.

R executes the cells (`driver.R`, in plain R). A document that leads to Python has the recorder in
reticulate's Python, in the same process, where it wraps Keras and the framework as ever. Any other
document needs no Python: then R tells by lines on a pipe. Either way a `Session` takes what R says.

`python -m PACKAGE.in_r JOB EVENTS PLAN RSCRIPT MODE PACKAGES` starts R, and interrupts a cell that
takes too long.
"""
