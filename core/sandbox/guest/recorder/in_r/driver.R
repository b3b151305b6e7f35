# Executes a document's R cells in R's global environment and tells the recorder what happens.
#
# Run as `Rscript --vanilla driver.R MODE SEED OUTPUT PLAN PIPE ANSWERS JOB EVENTS GUEST PACKAGES`.
# MODE is `plain` (R alone) or `python` (the recorder lives in reticulate's Python). OUTPUT is how
# many bytes one cell may print. PLAN holds a line for each cell to run: its index, a tab, its
# file. PIPE is a descriptor that the process above reads, and ANSWERS one that it writes to.
# PACKAGES are loaded before Python starts.

local({
  given <- commandArgs(trailingOnly = TRUE)
  script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[[1L]])
  # Base R alone, so that nothing the document defines can stand in the way.
  space <- new.env(parent = baseenv())
  for (part in c("telling.R", "places.R", "printed.R", "names.R", "python.R", "cells.R")) {
    sys.source(file.path(dirname(script), part), envir = space, keep.source = FALSE)
  }
  tryCatch(space$run_document(given), error = function(e) {
    if (sink.number("message") != 2L) sink(type = "message")
    stop(e)
  })
})
