# Makes valuesets_5l.csv and valuesets_3l.csv: the index of every state of EQ-5D-5L and EQ-5D-3L in every value set.
# Run in this folder with Rscript valuesets.R. The files were made with R 4.2.2, base packages only. The parameters are
# typed in from the publications named in eq5d5l.yaml and eq5d3l.yaml, and are not read from those files.

# Rows: mobility, self-care, usual activities, pain or discomfort, anxiety or depression. Columns: levels from 1 on.
levels <- function(...) rbind(...)
sets <- list(
  england_2018 = list(any = 0, weights = levels(
    c(0, -0.058, -0.076, -0.207, -0.274),
    c(0, -0.05, -0.08, -0.164, -0.203),
    c(0, -0.05, -0.063, -0.162, -0.184),
    c(0, -0.063, -0.084, -0.276, -0.335),
    c(0, -0.078, -0.104, -0.285, -0.289))),
  uk_2026 = list(any = 0, weights = levels(
    c(0, -0.032, -0.058, -0.179, -0.279),
    c(0, -0.038, -0.06, -0.162, -0.206),
    c(0, -0.049, -0.086, -0.184, -0.212),
    c(0, -0.056, -0.066, -0.371, -0.479),
    c(0, -0.041, -0.126, -0.313, -0.391))),
  germany_2018 = list(any = 0, weights = levels(
    c(0, -0.026, -0.042, -0.139, -0.224),
    c(0, -0.05, -0.056, -0.169, -0.26),
    c(0, -0.036, -0.049, -0.129, -0.209),
    c(0, -0.057, -0.109, -0.404, -0.612),
    c(0, -0.03, -0.082, -0.244, -0.356))),
  netherlands_2016 = list(any = -0.047, weights = levels(
    c(0, -0.035, -0.057, -0.166, -0.203),
    c(0, -0.038, -0.061, -0.168, -0.168),
    c(0, -0.039, -0.087, -0.192, -0.192),
    c(0, -0.066, -0.092, -0.36, -0.415),
    c(0, -0.07, -0.145, -0.356, -0.421))),
  usa_2019 = list(any = 0, weights = levels(
    c(0, -0.096, -0.122, -0.237, -0.322),
    c(0, -0.089, -0.107, -0.22, -0.261),
    c(0, -0.068, -0.101, -0.255, -0.255),
    c(0, -0.06, -0.098, -0.318, -0.414),
    c(0, -0.057, -0.123, -0.299, -0.321)))
)
uk3l <- list(any = -0.081, any3 = -0.269, weights = levels(
    c(0, -0.069, -0.314), c(0, -0.104, -0.214), c(0, -0.036, -0.094), c(0, -0.123, -0.386), c(0, -0.071, -0.236)))
# Probability of level 2 of the 3L given level 2 of the 5L, and of level 3 given level 4; the rest follows.
p2 <- c(0.822652757078987, 0.83265306122449, 0.802184466019418, 0.801131008482564, 0.793396226415094)
p3 <- c(0.0721153846153846, 0.243055555555556, 0.32843137254902, 0.399497487437186, 0.490683229813665)

states <- function(n) {
  s <- expand.grid(ad = 1:n, pd = 1:n, ua = 1:n, sc = 1:n, mo = 1:n)[, 5:1]
  as.matrix(s)
}
index <- function(set, s) {
  value <- 1 + ifelse(rowSums(s > 1) > 0, set$any, 0)
  if (!is.null(set$any3)) value <- value + ifelse(rowSums(s == 3) > 0, set$any3, 0)
  for (i in 1:5) value <- value + set$weights[i, s[, i]]
  value
}
# R's round() goes to the even digit. A half that binary fractions have made a little less than one still counts as one.
away <- function(x, digits) sign(x) * floor(abs(x) * 10^digits + 0.5 + 1e-9) / 10^digits + 0 # + 0 makes 0 of -0

s5 <- states(5)
out <- data.frame(state = apply(s5, 1, paste, collapse = ""))
for (name in names(sets)) out[[name]] <- sprintf("%.3f", index(sets[[name]], s5))

# The crosswalk: the sum over all 243 states of the 3L of their probability times their index.
s3 <- states(3)
v3 <- index(uk3l, s3)
given <- function(i, level) switch(level, c(1, 0, 0), c(1 - p2[i], p2[i], 0), c(0, 1, 0), c(0, 1 - p3[i], p3[i]), c(0, 0, 1))
crosswalk <- apply(s5, 1, function(state) {
  p <- rep(1, nrow(s3))
  for (i in 1:5) p <- p * given(i, state[i])[s3[, i]]
  sum(p * v3)
})
out$uk_crosswalk <- sprintf("%.3f", away(away(crosswalk, 4), 3))

write <- function(table, file) {
  connection <- file(file, "w")
  writeLines("# made by valuesets.R with R 4.2.2", connection)
  write.csv(table, connection, row.names = FALSE, quote = FALSE)
  close(connection)
}
write(out, "valuesets_5l.csv")
write(data.frame(state = apply(s3, 1, paste, collapse = ""), uk_1997 = sprintf("%.3f", v3)), "valuesets_3l.csv")
