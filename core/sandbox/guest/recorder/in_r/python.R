# The recorder inside reticulate's Python, for documents that lead there.

start_python <- function(request, events, guest, packages) {
  for (name in packages) {
    suppressWarnings(suppressPackageStartupMessages(requireNamespace(name, quietly = TRUE)))
  }
  python <- Sys.getenv("RETICULATE_PYTHON")
  reticulate::use_python(python, required = TRUE)
  entry <- reticulate::import_from_path("parity_guest.recorder.in_r.embedded", path = guest)
  # From here on `tell` calls Python; the recorder seeds it as a native run would.
  state$session <- entry$opened(request, as.integer(events), asked)
}

# The Python objects in the global environment, so that models among them are found.
python_objects <- function() {
  if (is.null(state$session)) return(list())
  held <- tryCatch(as.list(globalenv()), error = function(e) list())
  Filter(function(value) inherits(value, "python.builtin.object"), held)
}
