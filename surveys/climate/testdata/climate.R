# Makes the data of unbalanced_scores.csv and the expected numbers of unbalanced_expected.csv, and writes the versions into
# versions.txt. Base R, and clubSandwich for CR2.
#   cd surveys/climate/testdata && Rscript climate.R
suppressPackageStartupMessages(library(clubSandwich))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(1977)
themes <- c("workload", "teamwork", "systems")
k <- 14
programme <- c(3, 6, 7, 11, 14)
level <- rnorm(k, 4.6, 0.4)
change <- sapply(themes, function(t) rnorm(k, 0.1, 0.2) + ifelse(1:k %in% programme, 0.15, 0))

# Three rounds, 2 to 20 respondents a practice, headcounts that change. Practice S05 closed before the third round, S12 was
# not asked in the second, S02 has one respondent in the first, of all staff S06 everybody answers in the third. Each
# score is the mean of four items from 1 to 7.
rows <- list()
for (j in 1:k) for (r in 1:3) {
  staff <- sample(3:26, 1)
  n <- max(2, rbinom(1, staff, 0.75))
  if (j == 2 && r == 1) n <- 1
  if (j == 6 && r == 3) n <- staff
  if ((j == 5 && r == 3) || (j == 12 && r == 2)) next
  for (t in seq_along(themes)) {
    person <- rnorm(n, 0, 0.7)
    items <- sapply(1:4, function(i) pmin(7, pmax(1, round(level[j] + 0.3 * t + (r - 1) / 2 * change[j, t] + person + rnorm(n, 0, 0.8)))))
    items <- matrix(items, nrow = n)
    rows[[length(rows) + 1]] <- data.frame(practice = sprintf("S%02d", j), programme = as.integer(j %in% programme), round = r,
      staff = staff, theme = themes[t], score = rowMeans(items), setNames(as.data.frame(items), paste0("q", 1:4)))
  }
}
A <- do.call(rbind, rows)
A <- A[sample(nrow(A)), ] # the order of rows means nothing
write.csv(A, "unbalanced_scores.csv", row.names = FALSE, quote = FALSE)

E <- NULL
put <- function(case, theme, name, value) E <<- rbind(E, data.frame(case, theme, name, value = sprintf("%.14g", value)))
interval <- function(case, theme, what, estimate, se, df) {
  put(case, theme, paste0(what, "_estimate"), estimate)
  put(case, theme, paste0(what, "_se"), se)
  if (is.finite(df)) put(case, theme, paste0(what, "_df"), df)
  q <- if (is.finite(df)) qt(0.975, df) else qnorm(0.975)
  put(case, theme, paste0(what, "_low"), estimate - q * se)
  put(case, theme, paste0(what, "_high"), estimate + q * se)
}

# The measures of practices with respondents in the first and the third round.
panel <- function(a) {
  one <- function(r) {
    b <- a[a$round == r, ]
    data.frame(practice = sort(unique(b$practice)), n = as.vector(table(b$practice)), m = as.vector(tapply(b$score, b$practice, mean)),
      v = as.vector(tapply(b$score, b$practice, var)), staff = as.vector(tapply(b$staff, b$practice, max)),
      programme = as.vector(tapply(b$programme, b$practice, max)))
  }
  w <- merge(one(1), one(3), by = c("practice", "programme"))
  w$d <- w$m.y - w$m.x
  w
}

# A practice of one respondent has no variance of its own: that within practices in the round stands for it.
filled <- function(v, n) {
  v[is.na(v)] <- sum((n - 1) * v, na.rm = TRUE) / sum((n - 1)[!is.na(v)])
  v / n
}
corrected <- function(case, theme, what, x, own, others, sampling) {
  s2 <- var(others)
  n <- length(others)
  interval(case, theme, what, x - mean(others), sqrt(max(0, s2 - mean(sampling)) + s2 / n + own), n - 1)
}

compare <- function(case, a) for (theme in themes) {
  b <- a[a$theme == theme, ]
  w <- panel(b)
  P <- w$programme == 1
  es <- filled(w$v.x, w$n.x)
  e <- es + filled(w$v.y, w$n.y)
  put(case, theme, "practices_programme", sum(P))
  put(case, theme, "practices_others", sum(!P))
  for (g in c("programme", "others")) {
    q <- if (g == "programme") P else !P
    put(case, theme, paste0("start_", g), mean(w$m.x[q]))
    put(case, theme, paste0("change_", g), mean(w$d[q]))
    if (sum(q) > 1) {
      t <- t.test(w$d[q])
      put(case, theme, paste0("change_low_", g), t$conf.int[1])
      put(case, theme, paste0("change_high_", g), t$conf.int[2])
    }
  }
  if (sum(P) == 1) {
    corrected(case, theme, "start", w$m.x[P], w$v.x[P] / w$n.x[P], w$m.x[!P], es[!P])
    corrected(case, theme, "difference", w$d[P], w$v.x[P] / w$n.x[P] + w$v.y[P] / w$n.y[P], w$d[!P], e[!P])
  } else {
    for (what in c("start", "difference")) {
      x <- if (what == "start") w$m.x else w$d
      t <- t.test(x[P], x[!P], var.equal = sum(P) == 2)
      interval(case, theme, what, mean(x[P]) - mean(x[!P]), unname(t$stderr), unname(t$parameter))
      put(case, theme, paste0(what, "_p"), t$p.value)
    }
  }
  both <- b[b$round != 2 & b$practice %in% w$practice, ]
  both$last <- as.integer(both$round == 3)
  f <- lm(score ~ programme * last, both)
  i <- "programme:last"
  if (sum(P) > 1) {
    cr <- coef_test(f, vcov = "CR2", cluster = both$practice, test = "Satterthwaite")
    interval(case, theme, "respondents", coef(f)[[i]], cr[i, "SE"], cr[i, "df_Satt"])
  } else {
    put(case, theme, "respondents_estimate", coef(f)[[i]])
  }
  g <- lm(d ~ programme + m.x, w)
  s <- coef(summary(g))["programme", ]
  interval(case, theme, "adjusted", s[[1]], s[[2]], g$df.residual)
  # The census view, of practices with two respondents or more: S02 is left out of the file for it.
  if (!anyNA(c(w$v.x, w$v.y))) {
    c1 <- w$v.x / w$n.x * pmax(0, 1 - w$n.x / w$staff.x) + w$v.y / w$n.y * pmax(0, 1 - w$n.y / w$staff.y)
    interval(case, theme, "census", mean(w$d[P]) - mean(w$d[!P]), sqrt(sum(c1[P]) / sum(P)^2 + sum(c1[!P]) / sum(!P)^2), Inf)
  }
  for (j in seq_len(nrow(w))) {
    name <- w$practice[j]
    put(case, theme, paste0(name, "_change"), w$d[j])
    o <- w$d[-j]
    interval(case, theme, paste0(name, "_against"), w$d[j] - mean(o), sd(o) * sqrt(1 + 1 / length(o)), length(o) - 1)
    if (is.na(w$v.x[j]) || is.na(w$v.y[j])) next
    s1 <- w$v.x[j] / w$n.x[j]
    s2 <- w$v.y[j] / w$n.y[j]
    # Welch's by t.test, for what the package says in closed form
    t <- t.test(b$score[b$practice == name & b$round == 3], b$score[b$practice == name & b$round == 1])
    interval(case, theme, paste0(name, "_own"), w$d[j], unname(t$stderr), unname(t$parameter))
    corrected(case, theme, paste0(name, "_corrected"), w$d[j], s1 + s2, o, e[-j])
  }
}
compare("all", A)
compare("without S02", A[A$practice != "S02", ])
two <- A[!(A$practice %in% c("S07", "S11", "S14")), ]
compare("two programme practices", two)
compare("one programme practice", two[two$practice != "S03", ])

# Against a published change of 0.07 from 4.9, taken as fixed.
for (theme in themes) {
  b <- A[A$theme == theme & A$programme == 1, ]
  w <- panel(b)
  for (q in list(list("start", w$m.x, 4.9), list("difference", w$d, 0.07))) {
    t <- t.test(q[[2]], mu = q[[3]])
    interval("average", theme, q[[1]], mean(q[[2]]) - q[[3]], unname(t$stderr), unname(t$parameter))
    put("average", theme, paste0(q[[1]], "_p"), t$p.value)
  }
  both <- b[b$round != 2, ]
  both$last <- as.integer(both$round == 3)
  f <- lm(score ~ last, both)
  cr <- coef_test(f, vcov = "CR2", cluster = both$practice, test = "Satterthwaite")
  interval("average", theme, "respondents", coef(f)[["last"]] - 0.07, cr["last", "SE"], cr["last", "df_Satt"])
}

# Whether averaging is right, in each round.
for (theme in themes) for (r in 1:3) {
  b <- A[A$theme == theme & A$round == r, ]
  case <- paste("round", r)
  a <- anova(lm(score ~ factor(practice), b))
  n <- table(b$practice)
  N <- sum(n)
  groups <- length(n)
  n0 <- (N - sum(n^2) / N) / (groups - 1)
  F <- a[1, 3] / a[2, 3]
  ci <- sapply(c(0.975, 0.025), function(q) { x <- F / qf(q, groups - 1, N - groups); (x - 1) / (x - 1 + n0) })
  put(case, theme, "icc1", (F - 1) / (F - 1 + n0))
  put(case, theme, "icc1_low", ci[1])
  put(case, theme, "icc1_high", ci[2])
  put(case, theme, "icc2", 1 - 1 / F)
  q <- as.matrix(b[, paste0("q", 1:4)])
  v <- cov(q)
  alpha <- 4 / 3 * (1 - sum(diag(v)) / sum(v))
  put(case, theme, "alpha", alpha)
  put(case, theme, "alpha_low", 1 - (1 - alpha) * qf(0.975, N - 1, 3 * (N - 1)))
  put(case, theme, "alpha_high", 1 - (1 - alpha) * qf(0.025, N - 1, 3 * (N - 1)))
  agree <- unlist(lapply(split(as.data.frame(q), b$practice), function(x) {
    if (nrow(x) < 2) return(NULL)
    s <- min(1, mean(sapply(x, var)) / ((7^2 - 1) / 12))
    4 * (1 - s) / (4 * (1 - s) + s)
  }))
  put(case, theme, "rwgj_practices", length(agree))
  put(case, theme, "rwgj_median", median(agree))
  put(case, theme, "rwgj_share", mean(agree >= 0.7))
  put(case, theme, "at_top", mean(b$score == 7))
}
write.csv(E, "unbalanced_expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("clubSandwich", packageVersion("clubSandwich"))), "versions.txt")
