# Where in the document something happens, by the source references of the calls under way.

state$cells <- list() # file of each cell to its index
state$top <- c(-1L, 1L) # cell and row of the expression under way

place_of <- function(call) {
  reference <- attr(call, "srcref")
  if (is.null(reference)) return(NULL)
  cell <- state$cells[[attr(reference, "srcfile")$filename]]
  if (is.null(cell)) NULL else c(cell, reference[[1L]])
}

# Cell and row of the innermost call that stands in the document.
where <- function(calls = sys.calls()) {
  for (call in rev(calls)) {
    place <- place_of(call)
    if (!is.null(place)) return(place)
  }
  state$top
}

# The document's own lines under way, outermost first, and the function that each stands in. What a
# package calls on behalf of one line keeps that line's reference; the first call tells it.
frames <- function(calls) {
  places <- lapply(calls, place_of)
  heads <- lapply(calls, `[[`, 1L)
  inside <- !vapply(places, is.null, NA) & vapply(heads, is.symbol, NA)
  places <- places[inside]
  within <- c("top level", vapply(heads[inside], as.character, ""))[seq_along(places)]
  again <- duplicated(places)
  list(places = places[!again], within = within[!again])
}
