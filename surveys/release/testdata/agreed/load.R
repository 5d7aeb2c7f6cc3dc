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

release_reasons <- c("not-asked", "not-reached", "skipped", "prefer-not-to-say", "not-applicable", "not-recorded", "no-questionnaire", "no-score", "withheld")

release_tables <- list()
release_tables[["participants"]] <- list(key = c("id"), columns = list(
  list(name = "id", kind = "text", label = "Id of the person in this release", codes = c(), labels = c()),
  list(name = "arm", kind = "word", label = "Arm of the study", codes = c("new", "usual"), labels = c("New", "Usual")),
  list(name = "about_age", kind = "band", label = "How old are you?", codes = c("16 to 39", "40 to 64", "65 and over"), labels = c("16 to 39", "40 to 64", "65 and over")),
  list(name = "baseline_disposition", kind = "word", label = "What came of Baseline", codes = c("not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"), labels = c("Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible")),
  list(name = "baseline_due", kind = "number", label = "Day on which Baseline was due, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "baseline_opens", kind = "number", label = "First day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "baseline_closes", kind = "number", label = "Last day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "baseline_mode", kind = "word", label = "How the answers were collected", codes = c("web", "kiosk", "paper", "telephone", "bulk"), labels = c("the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system")),
  list(name = "baseline_day", kind = "number", label = "Day of the answers, in days since the person's baseline; empty where it is not known", codes = c(), labels = c()),
  list(name = "later_disposition", kind = "word", label = "What came of Three months", codes = c("not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"), labels = c("Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible")),
  list(name = "later_due", kind = "number", label = "Day on which Three months was due, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "later_opens", kind = "number", label = "First day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "later_closes", kind = "number", label = "Last day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "later_mode", kind = "word", label = "How the answers were collected", codes = c("web", "kiosk", "paper", "telephone", "bulk"), labels = c("the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system")),
  list(name = "later_day", kind = "number", label = "Day of the answers, in days since the person's baseline; empty where it is not known", codes = c(), labels = c())))
release_tables[["baseline_mood"]] <- list(key = c("id"), columns = list(
  list(name = "id", kind = "text", label = "Id of the person in this release", codes = c(), labels = c()),
  list(name = "mood_1", kind = "coded", label = "How often is statement 1 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "mood_2", kind = "coded", label = "How often is statement 2 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "mood", kind = "number", label = "Mood (higher-better); no score where a proxy gave any of its answers", codes = c(), labels = c()),
  list(name = "mood_answered", kind = "number", label = "Items of mood that were answered", codes = c(), labels = c()),
  list(name = "mood_prorated", kind = "coded", label = "Whether the mean of the answered items of mood stands for the others", codes = c("1", "0"), labels = c("yes", "no"))))
release_tables[["later_mood"]] <- list(key = c("id"), columns = list(
  list(name = "id", kind = "text", label = "Id of the person in this release", codes = c(), labels = c()),
  list(name = "mood_1", kind = "coded", label = "How often is statement 1 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "mood_2", kind = "coded", label = "How often is statement 2 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "mood", kind = "number", label = "Mood (higher-better); no score where a proxy gave any of its answers", codes = c(), labels = c()),
  list(name = "mood_answered", kind = "number", label = "Items of mood that were answered", codes = c(), labels = c()),
  list(name = "mood_prorated", kind = "coded", label = "Whether the mean of the answered items of mood stands for the others", codes = c("1", "0"), labels = c("yes", "no"))))
release_tables[["wide"]] <- list(key = c("id"), columns = list(
  list(name = "id", kind = "text", label = "Id of the person in this release", codes = c(), labels = c()),
  list(name = "arm", kind = "word", label = "Arm of the study", codes = c("new", "usual"), labels = c("New", "Usual")),
  list(name = "about_age", kind = "band", label = "How old are you?", codes = c("16 to 39", "40 to 64", "65 and over"), labels = c("16 to 39", "40 to 64", "65 and over")),
  list(name = "baseline_disposition", kind = "word", label = "What came of Baseline", codes = c("not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"), labels = c("Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible")),
  list(name = "baseline_due", kind = "number", label = "Day on which Baseline was due, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "baseline_opens", kind = "number", label = "First day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "baseline_closes", kind = "number", label = "Last day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "baseline_mode", kind = "word", label = "How the answers were collected", codes = c("web", "kiosk", "paper", "telephone", "bulk"), labels = c("the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system")),
  list(name = "baseline_day", kind = "number", label = "Day of the answers, in days since the person's baseline; empty where it is not known", codes = c(), labels = c()),
  list(name = "later_disposition", kind = "word", label = "What came of Three months", codes = c("not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"), labels = c("Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible")),
  list(name = "later_due", kind = "number", label = "Day on which Three months was due, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "later_opens", kind = "number", label = "First day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "later_closes", kind = "number", label = "Last day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "later_mode", kind = "word", label = "How the answers were collected", codes = c("web", "kiosk", "paper", "telephone", "bulk"), labels = c("the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system")),
  list(name = "later_day", kind = "number", label = "Day of the answers, in days since the person's baseline; empty where it is not known", codes = c(), labels = c()),
  list(name = "baseline_mood_1", kind = "coded", label = "How often is statement 1 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "baseline_mood_2", kind = "coded", label = "How often is statement 2 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "baseline_mood", kind = "number", label = "Mood (higher-better); no score where a proxy gave any of its answers", codes = c(), labels = c()),
  list(name = "baseline_mood_answered", kind = "number", label = "Items of mood that were answered", codes = c(), labels = c()),
  list(name = "baseline_mood_prorated", kind = "coded", label = "Whether the mean of the answered items of mood stands for the others", codes = c("1", "0"), labels = c("yes", "no")),
  list(name = "later_mood_1", kind = "coded", label = "How often is statement 1 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "later_mood_2", kind = "coded", label = "How often is statement 2 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "later_mood", kind = "number", label = "Mood (higher-better); no score where a proxy gave any of its answers", codes = c(), labels = c()),
  list(name = "later_mood_answered", kind = "number", label = "Items of mood that were answered", codes = c(), labels = c()),
  list(name = "later_mood_prorated", kind = "coded", label = "Whether the mean of the answered items of mood stands for the others", codes = c("1", "0"), labels = c("yes", "no"))))
release_tables[["long"]] <- list(key = c("id", "wave"), columns = list(
  list(name = "id", kind = "text", label = "Id of the person in this release", codes = c(), labels = c()),
  list(name = "wave", kind = "word", label = "Wave", codes = c("baseline", "later"), labels = c("Baseline", "Three months")),
  list(name = "arm", kind = "word", label = "Arm of the study", codes = c("new", "usual"), labels = c("New", "Usual")),
  list(name = "about_age", kind = "band", label = "How old are you?", codes = c("16 to 39", "40 to 64", "65 and over"), labels = c("16 to 39", "40 to 64", "65 and over")),
  list(name = "disposition", kind = "word", label = "What came of the wave", codes = c("not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"), labels = c("Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible")),
  list(name = "due", kind = "number", label = "Day on which the wave was due, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "opens", kind = "number", label = "First day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "closes", kind = "number", label = "Last day of its window, in days since the person's baseline", codes = c(), labels = c()),
  list(name = "mode", kind = "word", label = "How the answers were collected", codes = c("web", "kiosk", "paper", "telephone", "bulk"), labels = c("the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system")),
  list(name = "day", kind = "number", label = "Day of the answers, in days since the person's baseline; empty where it is not known", codes = c(), labels = c()),
  list(name = "mood_1", kind = "coded", label = "How often is statement 1 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "mood_2", kind = "coded", label = "How often is statement 2 true of you today?", codes = c("1", "2", "3", "4", "5"), labels = c("Never", "Rarely", "Sometimes", "Often", "Always")),
  list(name = "mood", kind = "number", label = "Mood (higher-better); no score where a proxy gave any of its answers", codes = c(), labels = c()),
  list(name = "mood_answered", kind = "number", label = "Items of mood that were answered", codes = c(), labels = c()),
  list(name = "mood_prorated", kind = "coded", label = "Whether the mean of the answered items of mood stands for the others", codes = c("1", "0"), labels = c("yes", "no"))))
