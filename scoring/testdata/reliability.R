# Makes the data of reliability_answers.csv and the expected numbers of reliability_expected.csv and, with the path of the
# data set bfi of psychTools 2.2.9 as an argument, of reliability_bfi.csv. Base R only, but for a second opinion at the end.
#   cd scoring/testdata && Rscript reliability.R [bfi.csv]
options(digits = 15)

# 151 people in 9 groups of unequal size answer 6 five-point items, the third of which is keyed the other way round.
# About one answer in fifty is missing.
answers <- function() {
  set.seed(1951)
  sizes <- c(5, 8, 11, 14, 17, 20, 23, 26, 27)
  group <- rep(LETTERS[1:9], sizes)
  trait <- rnorm(9, 0, 0.5)[rep(1:9, sizes)] + rnorm(151)
  x <- sapply(c(0.9, 0.8, -0.7, 0.6, 1.1, 0.3), function(l) pmin(5, pmax(1, round(3 + l * trait + rnorm(151, 0, 0.8)))))
  x[runif(length(x)) < 0.02] <- NA
  data.frame(group, setNames(as.data.frame(x), paste0("q", 1:6)))
}

alpha <- function(v) ncol(v) / (ncol(v) - 1) * (1 - sum(diag(v)) / sum(v))

# The one-factor solution of factanal, brought from its 8 digits to 14 by the likelihood equation 1 - u = l^2.
one.factor <- function(x) {
  start <- factanal(x, 1, control = list(opt = list(factr = 10, pgtol = 0, maxit = 100000)))$uniquenesses
  r <- cor(x)
  u <- start
  repeat {
    e <- eigen(r / sqrt(u %o% u), symmetric = TRUE)
    l <- sqrt(u) * e$vectors[, 1] * sqrt(e$values[1] - 1)
    if (max(abs(1 - l^2 - u)) < 1e-15) break
    u <- 1 - l^2
  }
  stopifnot(max(abs(u - start)) < 1e-6)
  list(loadings = l * sign(sum(l)), uniquenesses = unname(u))
}
omega <- function(l, u) sum(l)^2 / (sum(l)^2 + sum(u))

describe <- function(x, items, group, raw, options) {
  out <- list()
  put <- function(name, value) out[[name]] <<- value
  for (i in names(raw)) {
    v <- raw[[i]][!is.na(raw[[i]])]
    put(paste0(i, ".n"), length(v)); put(paste0(i, ".missing"), nrow(raw) - length(v))
    put(paste0(i, ".mean"), mean(v)); put(paste0(i, ".sd"), sd(v))
    put(paste0(i, ".floor"), mean(v == min(options))); put(paste0(i, ".ceiling"), mean(v == max(options)))
  }
  complete <- complete.cases(x)
  grouped <- complete & !is.na(group)
  y <- x[complete, ]; n <- nrow(y); k <- ncol(y); score <- rowSums(y)
  put("n", n); put("mean", mean(score)); put("sd", sd(score))
  a <- alpha(cov(y))
  put("alpha", a)
  put("alpha_low", 1 - (1 - a) * qf(0.975, n - 1, (n - 1) * (k - 1)))
  put("alpha_high", 1 - (1 - a) * qf(0.025, n - 1, (n - 1) * (k - 1)))
  f <- one.factor(y); s <- sapply(y, sd)
  put("omega_total", omega(f$loadings, f$uniquenesses))
  put("omega_total_raw", omega(f$loadings * s, f$uniquenesses * s^2))
  for (i in 1:k) {
    put(paste0("item_total.", names(x)[i]), cor(y[[i]], score - y[[i]]))
    put(paste0("loading.", names(x)[i]), f$loadings[i])
  }
  y <- x[grouped, ]; g <- factor(group[grouped]); score <- rowSums(y)
  v <- summary(aov(score ~ g))[[1]]; b <- v[1, 3]; w <- v[2, 3]; df <- v[, 1]
  size <- table(g); m <- mean(size); n0 <- (sum(size) - sum(size^2) / sum(size)) / (length(size) - 1)
  icc <- function(b, w, m) (b - w) / (b + (m - 1) * w)
  put("icc1", icc(b, w, m)); put("icc1_n0", icc(b, w, n0))
  put("icc1_low", icc(b / w / qf(0.975, df[1], df[2]), 1, m)); put("icc1_high", icc(b / w / qf(0.025, df[1], df[2]), 1, m))
  put("icc2", (b - w) / b)
  null <- (length(options)^2 - 1) / 12
  for (l in levels(g)) {
    q <- min(1, mean(sapply(y[g == l, ], var)) / null)
    put(paste0("rwgj.", l), k * (1 - q) / (k * (1 - q) + q))
  }
  out
}

save <- function(file, values) {
  lines <- sprintf("%s,%.15g", names(values), unlist(values))
  writeLines(c(paste0("# By reliability.R in ", R.version.string, "."), lines), file)
}

x <- answers()
write.csv(x, "reliability_answers.csv", row.names = FALSE, quote = FALSE, na = "")
keyed <- transform(x[-1], q3 = 6 - q3)
save("reliability_expected.csv", describe(keyed, names(keyed), x$group, x[-1], 1:5))

file <- commandArgs(trailingOnly = TRUE)
if (length(file) == 1) {
  b <- read.csv(file)
  n <- b[paste0("N", 1:5)]
  save("reliability_bfi.csv", describe(n, names(n), b$education, n, 1:6))
}

# A second opinion, by psych and multilevel where they are installed.
if (requireNamespace("psych", quietly = TRUE) && requireNamespace("multilevel", quietly = TRUE)) {
  v <- describe(keyed, names(keyed), x$group, x[-1], 1:5)
  y <- na.omit(keyed); g <- x$group[complete.cases(keyed)]
  model <- aov(rowSums(y) ~ factor(g))
  stopifnot(
    all.equal(v$alpha, psych::alpha(y)$total$raw_alpha),
    all.equal(v$alpha_low, psych::alpha.ci(v$alpha, nrow(y), 6)$lower.ci),
    all.equal(v$icc1, multilevel::ICC1(model)), all.equal(v$icc2, multilevel::ICC2(model)),
    all.equal(unname(unlist(v[paste0("rwgj.", LETTERS[1:9])])), multilevel::rwg.j(y, g, 2)$rwg.j))
  cat("psych", as.character(packageVersion("psych")), "and multilevel", as.character(packageVersion("multilevel")), "agree\n")
}
