# Makes grid.csv: questions about designs and R's answers.
#   Rscript grid.R > grid.csv
# Means, pairs and proportions are by power.t.test and power.prop.test of stats, Cohen's h by pwr.2p.test and
# pwr.2p2n.test of pwr; what these don't have (groups of two sizes, clusters) by the formulas with pt, qt and uniroot.
library(pwr)
options(digits = 15, warn = 2)
cat("# R ", R.version$major, ".", R.version$minor, ", pwr ", as.character(packageVersion("pwr")), ": grid.R.\n", sep = "")
columns <- c("design", "n1", "n2", "pairs", "k1", "k2", "cv1", "cv2", "k", "m", "cv", "delta", "sd", "p1", "p2", "alpha",
             "sides", "power", "icc", "correlation", "correlation_cluster", "baseline_difference", "df", "method",
             "want_power", "want_n", "want_k", "want_m", "want_delta", "want_se", "want_df")
cat(columns, sep = ","); cat("\n")
put <- function(...) {
  row <- list(...)
  stopifnot(names(row) %in% columns)
  cells <- vapply(columns, function(c) if (is.null(row[[c]])) "" else if (is.character(row[[c]])) row[[c]] else
    format(row[[c]], digits = 15), "")
  cat(trimws(cells), sep = ","); cat("\n")
}
root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-13, extendInt = "upX", maxiter = 10000)$root
alternative <- c("one.sided", "two.sided")
tol <- 1e-13

for (alpha in c(0.05, 0.01, 1e-5)) for (sides in 1:2) for (type in c("two.sample", "paired")) {
  design <- if (type == "paired") "paired" else "means"
  at <- function(n) if (type == "paired") list(pairs = n) else list(n1 = n, n2 = n)
  ask <- function(...) power.t.test(..., sig.level = alpha, type = type, alternative = alternative[sides], strict = TRUE, tol = tol)
  given <- list(design = design, alpha = alpha, sides = sides)
  for (n in c(2, 3, 12, 64, 333.5)) for (delta in c(0.2, 0.5, 1.5))
    do.call(put, c(given, at(n), delta = delta, sd = 1.25, want_power = ask(n = n, delta = delta, sd = 1.25)$power))
  for (power in c(0.5, 0.8, 0.95)) {
    for (delta in c(0.1, 0.3, 0.8, 2.5))
      do.call(put, c(given, delta = delta, sd = 1, power = power, want_n = ask(delta = delta, power = power)$n))
    for (n in c(5, 20, 175)) {
      delta <- ask(n = n, sd = 2, power = power)$delta
      if (delta / 2 * sqrt(n) < 37.62) # beyond that pt is a normal approximation and the answer wrong
        do.call(put, c(given, at(n), sd = 2, power = power, want_delta = delta))
    }
  }
}
do.call(put, list(design = "means", delta = 20, power = 0.8, want_n = power.t.test(delta = 20, power = 0.8, strict = TRUE, tol = tol)$n))
do.call(put, list(design = "paired", delta = 0.3, sd = 1, correlation = 0.6, power = 0.8,
  want_n = power.t.test(delta = 0.3, sd = sqrt(2 * (1 - 0.6)), power = 0.8, type = "paired", strict = TRUE, tol = tol)$n))

tpower <- function(lambda, df, alpha, sides) {
  q <- qt(alpha / sides, df, lower.tail = FALSE)
  p <- pt(q, df, lambda, lower.tail = FALSE)
  if (sides == 2) p <- p + pt(-q, df, lambda)
  p
}
for (r in c(0, 0.5)) for (d in c(0, 0.4)) {
  power <- function(n1, n2, delta) {
    v <- (1 - r^2) * (1 / n1 + 1 / n2) * (1 + d^2 / ((n1 + n2 - 2) * (1 / n1 + 1 / n2)))
    tpower(delta / sqrt(v), n1 + n2 - 2, 0.05, 2)
  }
  given <- list(design = "means", correlation = r, baseline_difference = d)
  do.call(put, c(given, n1 = 40, n2 = 90, delta = 0.4, want_power = power(40, 90, 0.4)))
  do.call(put, c(given, n1 = 40, n2 = 90, power = 0.9, want_delta = root(function(x) power(40, 90, x) - 0.9, 0.1, 2)))
  do.call(put, c(given, delta = 0.4, power = 0.9, want_n = root(function(n) power(n, n, 0.4) - 0.9, 10, 500)))
}

for (alpha in c(0.05, 0.001)) for (sides in 1:2) {
  given <- list(design = "proportions", alpha = alpha, sides = sides)
  ask <- function(...) power.prop.test(..., sig.level = alpha, alternative = alternative[sides], strict = TRUE, tol = tol)
  for (p in list(c(0.3, 0.4), c(0.5, 0.1), c(0.02, 0.05), c(0.9, 0.99))) {
    h <- ES.h(p[1], p[2])
    greater <- if (sides == 1) "greater" else "two.sided"
    for (n in c(20, 150)) {
      do.call(put, c(given, n1 = n, n2 = n, p1 = p[1], p2 = p[2], want_power = ask(n = n, p1 = p[1], p2 = p[2])$power))
      do.call(put, c(given, n1 = n, n2 = n, p1 = p[1], p2 = p[2], method = "arcsine",
        want_power = pwr.2p.test(abs(h), n, alpha, alternative = greater)$power))
      do.call(put, c(given, n1 = n, n2 = 2.5 * n, p1 = p[1], p2 = p[2], method = "arcsine",
        want_power = pwr.2p2n.test(abs(h), n, 2.5 * n, alpha, alternative = greater)$power))
    }
    for (power in c(0.4, 0.8, 0.95)) {
      do.call(put, c(given, p1 = p[1], p2 = p[2], power = power, want_n = ask(p1 = p[1], p2 = p[2], power = power)$n))
      hp <- function(n) pwr.2p.test(abs(h), n, alpha, alternative = greater)$power - power
      do.call(put, c(given, p1 = p[1], p2 = p[2], power = power, method = "arcsine", want_n = root(hp, 2, 1e4)))
    }
  }
  for (p in c(0.02, 0.1, 0.35)) {
    do.call(put, c(given, n1 = 120, n2 = 120, p1 = p, power = 0.8, want_delta = ask(n = 120, p1 = p, power = 0.8)$p2 - p))
    do.call(put, c(given, n1 = 120, n2 = 120, p2 = 1 - p, power = 0.8, want_delta = 1 - p - ask(n = 120, p2 = 1 - p, power = 0.8)$p1))
  }
}
two <- function(n1, n2, p1, p2, z = qnorm(0.975)) {
  p <- (n1 * p1 + n2 * p2) / (n1 + n2)
  s0 <- sqrt(p * (1 - p) * (1 / n1 + 1 / n2)); s1 <- sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
  pnorm((abs(p1 - p2) - z * s0) / s1) + pnorm((-abs(p1 - p2) - z * s0) / s1)
}
put(design = "proportions", n1 = 80, n2 = 200, p1 = 0.3, p2 = 0.45, want_power = two(80, 200, 0.3, 0.45))

# Clusters. n, k, cv have an element for each arm.
V <- function(n, k, cv, icc, r = 0, rc = r, d = 0) {
  m <- n / k
  ri <- (m * icc * rc + (1 - icc) * r) / (1 + (m - 1) * icc)
  (1 - ri^2) * (1 + ((cv^2 + 1) * m - 1) * icc) / n * (1 + d^2 / ((sum(n) - 2) * sum(1 / n)))
}
dfree <- function(v, k, how) if (how == "") sum(k) - 2 else if (how == "satterthwaite") sum(v)^2 / sum(v^2 / (k - 1)) else as.numeric(how)
settings <- list(
  list(icc = 0.01), list(icc = 0.05, correlation = 0.5), list(icc = 0), list(icc = 0.02, df = "satterthwaite"),
  list(icc = 0.1, df = "5.5"), list(icc = 0.03, correlation = 0.6, correlation_cluster = 0.8),
  list(icc = 0.03, correlation = 0.6, correlation_cluster = 0.1, df = "satterthwaite"),
  list(icc = 0.02, correlation = 0.4, baseline_difference = 0.5), list(icc = 0.01, alpha = 1e-4, sides = 1))
for (s in settings) {
  or <- function(x, usual) if (is.null(x)) usual else x
  r <- or(s$correlation, 0); alpha <- or(s$alpha, 0.05); sides <- or(s$sides, 2)
  power <- function(n, k, cv, delta) {
    v <- V(n, k, cv, s$icc, r, or(s$correlation_cluster, r), or(s$baseline_difference, 0))
    tpower(delta / sqrt(sum(v)), dfree(v, k, or(s$df, "")), alpha, sides)
  }
  given <- c(list(design = "cluster-means"), s)
  for (arms in list(list(n = c(214, 561), k = c(7, 8), cv = c(0, 0)), list(n = c(60, 90), k = c(3, 4), cv = c(0.5, 0.3)),
                    list(n = c(1200, 1000), k = c(30, 25), cv = c(0.7, 0.6)))) {
    n <- arms$n; k <- arms$k; cv <- arms$cv
    sizes <- list(n1 = n[1], n2 = n[2], k1 = k[1], k2 = k[2], cv1 = cv[1], cv2 = cv[2])
    v <- V(n, k, cv, s$icc, r, or(s$correlation_cluster, r), or(s$baseline_difference, 0))
    do.call(put, c(given, sizes, delta = 0.3, want_power = power(n, k, cv, 0.3), want_se = sqrt(sum(v)), want_df = dfree(v, k, or(s$df, ""))))
    do.call(put, c(given, sizes, power = 0.8, want_delta = root(function(x) power(n, k, cv, x) - 0.8, 0.01, 3)))
    limit <- power(1e12 * k, k, cv, 0.45)
    if (limit > 0.82 && k[1] > 3)
      do.call(put, c(given, sizes[-(1:2)], delta = 0.45, power = 0.8, want_m = root(function(m) power(m * k, k, cv, 0.45) - 0.8, 2, 100)))
  }
  for (cv in c(0, 0.6)) for (delta in c(0.2, 0.5))
    do.call(put, c(given, m = 15, cv = cv, delta = delta, power = 0.9,
      want_k = root(function(k) power(c(15, 15) * k, c(k, k), c(cv, cv), delta) - 0.9, 3, 200)))
}
effective <- function(n, k, cv, icc) n / (1 + ((cv^2 + 1) * n / k - 1) * icc)
for (icc in c(0.005, 0.05)) {
  power <- function(n, k, cv, p1, p2) { e <- effective(n, k, cv, icc); two(e[1], e[2], p1, p2) }
  given <- list(design = "cluster-proportions", icc = icc)
  do.call(put, c(given, n1 = 300, n2 = 420, k1 = 10, k2 = 12, cv1 = 0.3, cv2 = 0.5, p1 = 0.3, p2 = 0.42,
    want_power = power(c(300, 420), c(10, 12), c(0.3, 0.5), 0.3, 0.42)))
  do.call(put, c(given, n1 = 300, n2 = 420, k1 = 10, k2 = 12, p1 = 0.3, power = 0.8,
    want_delta = root(function(x) power(c(300, 420), c(10, 12), c(0, 0), 0.3, 0.3 + x) - 0.8, 0.01, 0.6)))
  do.call(put, c(given, k = 20, cv = 0.4, p1 = 0.3, p2 = 0.45, power = 0.8,
    want_m = root(function(m) power(c(20, 20) * m, c(20, 20), c(0.4, 0.4), 0.3, 0.45) - 0.8, 1, 1000)))
  do.call(put, c(given, m = 30, cv = 0.4, p1 = 0.3, p2 = 0.45, power = 0.8,
    want_k = root(function(k) power(c(30, 30) * k, c(k, k), c(0.4, 0.4), 0.3, 0.45) - 0.8, 1, 1000)))
}
