# Makes the table of people.csv and the expected numbers of expected.csv, and writes the version into versions.txt. Base R.
#   cd surveys/risk/testdata && Rscript risk.R
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(2002)
n <- 240
people <- data.frame(
  age_band = sample(c("18 to 44", "45 to 64", "65 and over", NA), n, TRUE, c(4, 4, 3, 1)),
  sex = sample(c("female", "male"), n, TRUE, c(3, 2)),
  site = sample(sprintf("S%02d", 1:6), n, TRUE, 6:1),
  children = sample(0:9, n, TRUE, dgeom(0:9, 0.4)),
  condition = sample(c("none", "asthma", "diabetes", "depression", NA), n, TRUE, c(6, 3, 2, 2, 1)),
  smokes = sample(c("yes", "no"), n, TRUE, c(1, 4)))
write.csv(people, "people.csv", row.names = FALSE, quote = FALSE, na = "")

keys <- c("age_band", "sex", "site", "children")
E <- NULL
for (size in seq_along(keys)) for (chosen in combn(keys, size, simplify = FALSE)) {
  put <- function(name, value) E <<- rbind(E, data.frame(keys = paste(chosen, collapse = " "), name, value = sprintf("%.14g", value)))
  class <- do.call(paste, c(lapply(people[chosen], addNA), sep = "|"))
  sizes <- table(class)
  own <- as.vector(sizes[class]) # by row
  put("classes", length(sizes))
  put("k", min(sizes))
  put("sample_uniques", sum(own == 1))
  for (limit in c(3, 5, 10)) put(paste0("records_below_", limit), sum(own < limit))
  put("max_prosecutor_risk", max(1 / own))
  put("mean_prosecutor_risk", mean(1 / own))
  for (s in c("condition", "smokes")) {
    value <- addNA(people[[s]], ifany = TRUE)
    shares <- prop.table(table(class, value, useNA = "ifany"), 1)
    all <- prop.table(table(value, useNA = "ifany"))
    put(paste0(s, ".l_distinct"), min(rowSums(shares > 0)))
    put(paste0(s, ".l_entropy"), exp(min(apply(shares, 1, function(p) -sum(p[p > 0] * log(p[p > 0]))))))
    put(paste0(s, ".t_total_variation"), max(apply(shares, 1, function(p) sum(abs(p - as.vector(all))) / 2)))
  }
}
write.csv(E, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "versions.txt")
