# What the document prints: R's streams go to files of their own, which are read whenever something
# happens, so that each piece of text is told with the place and the step it belongs to.

state$captures <- list()
state$place <- c(-1L, 1L) # where the text that comes next is printed
state$written <- 0
state$limit <- Inf
state$reading <- FALSE

capture <- function(stream) {
  type <- if (stream == "stdout") "output" else "message"
  connection <- file("", open = "w+b")
  sink(connection, type = type)
  state$captures[[stream]] <- list(connection = connection, read = 0)
}

# The document may have closed the files, or ended sinks that are not its own.
ensure_captures <- function() {
  for (stream in c("stdout", "stderr")) {
    held <- state$captures[[stream]]
    open <- !is.null(held) &&
      tryCatch(isOpen(held$connection), error = function(e) FALSE)
    used <- if (stream == "stdout") sink.number() > 0L else sink.number("message") != 2L
    if (!open || !used) capture(stream)
  }
}

text_of <- function(bytes) {
  text <- rawToChar(bytes[bytes != as.raw(0L)])
  Encoding(text) <- "UTF-8"
  if (validUTF8(text)) text else iconv(text, "UTF-8", "UTF-8", sub = "\ufffd")
}

# New text of one stream.
unread <- function(stream) {
  held <- state$captures[[stream]]
  tryCatch(
    {
      size <- seek(held$connection, rw = "write")
      if (is.null(size) || size <= held$read) return("")
      seek(held$connection, held$read, rw = "read")
      bytes <- readBin(held$connection, "raw", size - held$read)
      state$captures[[stream]]$read <- size
      state$written <- state$written + length(bytes)
      text_of(bytes)
    },
    error = function(e) ""
  )
}

# Tells what was printed since the last time. Where the cell prints without end, ends it, unless
# Python is between the document and here: R cannot jump over it.
drain <- function(may_stop = TRUE) {
  if (state$reading || Sys.getpid() != state$process) return(invisible())
  state$reading <- TRUE
  on.exit(state$reading <- FALSE)
  for (stream in names(state$captures)) {
    text <- unread(stream)
    if (nzchar(text)) tell("text", stream, state$place, text)
  }
  if (may_stop && state$written > state$limit && state$running) {
    signalCondition(structure(
      class = c("parity_output", "condition"),
      list(message = "the cell prints without end", call = NULL)
    ))
  }
  invisible()
}

# Something is about to be printed.
noticed <- function() {
  if (state$reading || !state$running) return(invisible())
  drain()
  state$place <- where(sys.calls())
  invisible()
}

# Python asks where the document is; it also learns what was printed until now.
asked <- function() suspendInterrupts({
  place <- where(sys.calls())
  drain(may_stop = FALSE)
  place
})

replace_in_base <- function(name, value) {
  space <- baseenv()
  unlockBinding(name, space)
  assign(name, value, envir = space)
  lockBinding(name, space)
}

# Base R's printing functions say where they are called, then do what they always do.
hook_printing <- function() {
  for (name in c("cat", "print", "writeLines")) {
    hooked <- get(name, envir = baseenv())
    body(hooked) <- call("{", as.call(list(noticed)), body(hooked))
    replace_in_base(name, hooked)
  }
}

# `quit()` ends the cell; the document's other cells still have their turn.
hook_quitting <- function() {
  leave <- function(save = "default", status = 0, runLast = TRUE) {
    if (state$running && Sys.getpid() == state$process) {
      signalCondition(structure(
        class = c("parity_quit", "condition"),
        list(message = "quit", call = NULL, status = as.integer(status))
      ))
    }
    original_quit(save, status, runLast)
  }
  replace_in_base("quit", leave)
  replace_in_base("q", leave)
}
