# Executes the cells, one after another, in R's global environment.

state$running <- FALSE # code of the document is being executed

first_row <- function(reference) if (is.null(reference)) 1L else reference[[1L]]

evaluate <- function(expressions, cell) {
  references <- attr(expressions, "srcref")
  for (number in seq_along(expressions)) {
    state$top <- state$place <- c(cell, first_row(references[[number]]))
    # An expression vector of one keeps its source reference, which calls then carry.
    shown <- withVisible(eval(expressions[number], globalenv()))
    if (shown$visible) original_print(shown$value)
    drain()
  }
}

on_message <- function(condition) {
  drain()
  tell("text", "stderr", where(sys.calls()), conditionMessage(condition))
  if (!is.null(findRestart("muffleMessage"))) invokeRestart("muffleMessage")
}

# What a condition at the top level of a cell takes for the call that it comes from.
top_call <- quote(eval(expressions[number], globalenv()))

# As R's own top level: `warn` decides whether a warning is shown, dropped or made an error.
on_warning <- function(condition) {
  level <- getOption("warn", 0L)
  if (level >= 2L) return(invisible())
  if (level >= 0L) {
    drain()
    place <- where(sys.calls())
    text <- conditionMessage(condition)
    tell("warning", place, class(condition)[[1L]], text)
    call <- conditionCall(condition)
    named <- is.call(call) && !identical(call, top_call)
    from <- if (named) paste0(" in ", deparse(call, nlines = 1L)[[1L]]) else ""
    tell("text", "stderr", place, paste0("Warning", from, ": ", text, "\n"))
  }
  if (!is.null(findRestart("muffleWarning"))) invokeRestart("muffleWarning")
}

# The outcome of one cell: how it ended, classes and text of its error, the calls that led there.
outcome_of <- function(expressions, cell) {
  calls <- NULL
  ended <- function(how, classes = "", text = "") {
    list(how = how, classes = classes, text = paste(text, collapse = "\n"), calls = calls)
  }
  tryCatch(
    {
      withCallingHandlers(
        allowInterrupts({
          state$running <- TRUE
          evaluate(expressions, cell)
        }),
        message = on_message,
        warning = on_warning,
        error = function(e) calls <<- sys.calls()
      )
      ended("ok")
    },
    interrupt = function(c) ended("timeout"),
    parity_output = function(c) ended("output"),
    parity_quit = function(c) ended("quit", text = c$status),
    error = function(e) ended("error", joined(class(e)), conditionMessage(e))
  )
}

parsed <- function(file) {
  lines <- readLines(file, warn = FALSE, encoding = "UTF-8")
  parse(text = lines, keep.source = TRUE, srcfile = srcfilecopy(file, lines), encoding = "UTF-8")
}

run_cell <- function(cell, file) {
  state$written <- 0
  state$top <- state$place <- c(cell, 1L)
  ensure_captures()
  mark(cell)
  tell("cell", cell)
  expressions <- tryCatch(parsed(file), error = identity)
  if (inherits(expressions, "error")) {
    tell("refused", cell, conditionMessage(expressions))
    return(invisible())
  }
  names <- names_of(expressions)
  functions <- vapply(names(names$functions), function(name) {
    joined(c(name, names$functions[[name]]))
  }, "")
  tell("names", joined(names$bound), joined(names$read), functions)
  bound <- unique(names$bound)
  before <- values_of(bound)
  result <- outcome_of(expressions, cell)
  state$running <- FALSE
  drain()
  seen <- frames(result$calls)
  for (number in seq_along(seen$places)) {
    tell("frame", seen$places[[number]], seen$within[[number]])
  }
  inner <- if (is.null(result$calls)) state$top else where(result$calls)
  outer <- if (length(seen$places)) seen$places[[1L]] else state$top
  left <- if (result$how == "ok") character() else unchanged(bound, before)
  tell(
    "end", cell, result$how, result$classes, result$text, inner, outer, joined(left),
    values = python_objects()
  )
}

# Marks in what is printed past R (by native code, by other programs) where a cell starts.
mark <- function(cell) {
  tryCatch(
    {
      errors <- file("/dev/fd/2", open = "wb", raw = TRUE)
      on.exit(close(errors))
      writeBin(charToRaw(paste0("\x1e", cell, "\x1e")), errors)
    },
    error = function(e) NULL
  )
}

versions <- function() {
  loaded <- intersect(c("keras3", "tensorflow", "reticulate", "torch"), loadedNamespaces())
  found <- vapply(loaded, function(name) as.character(getNamespaceVersion(name)), "")
  names(found) <- if (length(found)) paste0("R:", loaded) else NULL
  c(R = as.character(getRversion()), found)
}

run_document <- function(given) {
  names(given) <- c(
    "mode", "seed", "limit", "plan", "pipe", "answers", "request", "events", "guest", "packages"
  )
  state$limit <- as.numeric(given[["limit"]])
  state$descriptor <- given[["pipe"]]
  state$answering <- given[["answers"]]
  open_pipe()
  # What draws without a device of its own would leave a file behind.
  options(device = function(...) grDevices::pdf(NULL))
  suspendInterrupts({
    if (given[["mode"]] == "python") {
      packages <- strsplit(given[["packages"]], ",", fixed = TRUE)[[1L]]
      start_python(given[["request"]], given[["events"]], given[["guest"]], packages)
    }
    plan <- strsplit(readLines(given[["plan"]], encoding = "UTF-8"), "\t", fixed = TRUE)
    files <- vapply(plan, `[[`, "", 2L)
    indexes <- as.integer(vapply(plan, `[[`, "", 1L))
    state$cells <- stats::setNames(as.list(indexes), files)
    found <- versions()
    tell("begin", as.vector(rbind(names(found), found)))
    hook_printing()
    hook_quitting()
    set.seed(as.integer(given[["seed"]]))
    for (number in seq_along(files)) run_cell(indexes[[number]], files[[number]])
    mark(-1L)
    sink(type = "message")
    tell("done")
  })
  original_quit("no", 0L, FALSE)
}
