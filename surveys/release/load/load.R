# Reads the tables of this release as labelled data:
#
#   source("load.R")
#   release <- load_release()              # from this folder; load_release("folder") from another one
#   wide <- load_release(tables = "wide", factors = TRUE)$wide
#
# Numbers that stand for something carry their labels. With the package haven they are haven::labelled, and an empty cell is a
# tagged missing value whose label says why; without it the labels are the attribute "labels" and an empty cell is NA. The attribute
# "missing" of each table has the reasons in either case. With factors = TRUE codes and bands become factors.

load_release <- function(dir = ".", tables = names(release_tables), factors = FALSE) {
  unknown <- setdiff(tables, names(release_tables))
  if (length(unknown) > 0) stop("this release has no table ", paste(unknown, collapse = ", "))
  release <- lapply(tables, function(name) load_release_table(dir, name, release_tables[[name]], factors))
  names(release) <- tables
  release
}

load_release_table <- function(dir, name, table, factors) {
  read <- function(file) {
    utils::read.csv(file.path(dir, file), colClasses = "character", na.strings = "", check.names = FALSE, encoding = "UTF-8")
  }
  data <- read(paste0(name, ".csv"))
  why <- read(paste0(name, "_missing.csv"))
  expected <- vapply(table$columns, function(column) column$name, "")
  if (!identical(names(data), expected)) stop(name, ".csv does not have the columns that this script describes")
  key <- function(rows) do.call(paste, c(unname(as.list(rows[table$key])), sep = "/"))
  at <- match(key(why), key(data))
  haven <- requireNamespace("haven", quietly = TRUE)
  for (column in table$columns) {
    cells <- data[[column$name]]
    numeric <- column$kind %in% c("number", "coded")
    if (numeric) cells <- as.numeric(cells)
    codes <- if (numeric) as.numeric(column$codes) else column$codes
    listed <- length(codes) > 0
    if (factors && listed) {
      cells <- factor(cells, levels = codes, labels = column$labels, ordered = column$kind == "band")
      attr(cells, "label") <- column$label
    } else if (haven && (numeric || listed)) {
      labels <- stats::setNames(codes, column$labels)
      if (numeric) {
        mine <- why$column == column$name
        for (i in seq_along(release_reasons)) {
          cells[at[mine & why$reason == release_reasons[i]]] <- haven::tagged_na(letters[i])
          labels <- c(labels, stats::setNames(haven::tagged_na(letters[i]), release_reasons[i]))
        }
      }
      cells <- haven::labelled(cells, labels, label = column$label)
    } else {
      attr(cells, "label") <- column$label
      if (listed) attr(cells, "labels") <- stats::setNames(codes, column$labels)
    }
    data[[column$name]] <- cells
  }
  attr(data, "missing") <- why
  data
}

