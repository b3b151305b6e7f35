# The names that code binds, the names it reads, and what its functions read: from these the
# recorder tells an error that follows from an earlier one.

assigning <- c("<-", "<<-", "=", "%<-%", "%<>%")
attaching <- c("library", "require", "requireNamespace", "loadNamespace")

# The variables that an assignment binds: `x`, `x$y`, `names(x)[2]`, `c(x, c(y, z))` of zeallot.
targets <- function(target) {
  if (is.symbol(target)) return(as.character(target))
  if (is.character(target)) return(target)
  if (!is.call(target)) return(character())
  if (identical(target[[1L]], quote(c))) return(unlist(lapply(as.list(target)[-1L], targets)))
  if (length(target) > 1L) targets(target[[2L]]) else character()
}

is_function <- function(code) is.call(code) && identical(code[[1L]], quote(`function`))

# The function in an assigned value, as it is or inside a call such as `tf_function`.
function_in <- function(value) {
  if (is.call(value) && !is_function(value) && length(value) > 1L) value <- value[[2L]]
  if (is_function(value)) value else NULL
}

names_of <- function(expressions) {
  found <- new.env(parent = emptyenv())
  found$bound <- found$read <- character()
  found$functions <- list()
  bind <- function(names) found$bound <- c(found$bound, names)
  visit <- function(code) {
    if (missing(code)) return(invisible())
    if (is.symbol(code)) {
      name <- as.character(code)
      if (nzchar(name) && !name %in% found$bound) found$read <- c(found$read, name)
    } else if (is_function(code)) {
      own <- c(names(code[[2L]]), found$bound)
      found$read <- c(found$read, setdiff(all.names(code[[3L]], unique = TRUE), own))
    } else if (is.call(code)) {
      visit_call(code)
    }
    invisible()
  }
  visit_call <- function(code) {
    head <- if (is.symbol(code[[1L]])) as.character(code[[1L]]) else ""
    if (head %in% assigning && length(code) == 3L) {
      inner <- function_in(code[[3L]])
      name <- targets(code[[2L]])
      if (!is.null(inner) && is.symbol(code[[2L]])) {
        found$functions[[name]] <- setdiff(all.names(inner[[3L]], unique = TRUE), names(inner[[2L]]))
        if (!is_function(code[[3L]])) visit(code[[3L]][[1L]])
      } else {
        visit(code[[3L]])
      }
      if (!is.symbol(code[[2L]]) && !head %in% "%<-%") visit(code[[2L]])
      bind(name)
    } else if (head == "for") {
      visit(code[[3L]])
      bind(as.character(code[[2L]]))
      visit(code[[4L]])
    } else if (head == "assign" && length(code) > 2L && is.character(code[[2L]])) {
      visit(code[[3L]])
      bind(code[[2L]])
    } else if (head %in% attaching && length(code) > 1L) {
      if (is.symbol(code[[2L]]) || is.character(code[[2L]])) {
        bind(paste0("package:", as.character(code[[2L]])))
      }
    } else if (head %in% c("$", "@", "::", ":::")) {
      if (!head %in% c("::", ":::")) visit(code[[2L]])
    } else {
      for (part in as.list(code)) visit(part)
    }
  }
  for (code in as.list(expressions)) visit(code)
  found
}

# What names are bound to now, to be told later whether that has changed.
values_of <- function(names) {
  lapply(stats::setNames(names, names), function(name) {
    tryCatch(get(name, envir = globalenv(), inherits = FALSE), error = function(e) NULL)
  })
}

# The names whose value is the very one it was; packages, where they are not attached.
unchanged <- function(names, before) {
  now <- values_of(names)
  same <- vapply(names, function(name) {
    if (startsWith(name, "package:")) return(!name %in% search())
    tryCatch(identical(before[[name]], now[[name]]), error = function(e) FALSE)
  }, NA)
  names[same]
}
