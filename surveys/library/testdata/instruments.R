# Makes instruments.csv: for each instrument 120 people with random answers, some of them missing, and their scores, worked out here
# from the published rules and not by wellwave. Run in this folder with Rscript instruments.R. Made with R 4.2.2, base packages only.
# The first answers of each instrument are all lowest and all highest; then everybody misses more answers than the one before.

set.seed(20261124)
people <- 120

answers <- function(items, lo, hi) {
  a <- matrix(sample(lo:hi, people * items, replace = TRUE), people)
  gone <- rep(c(0, 0, 1, 2, 3, 4, items %/% 2, items %/% 2 + 1), length.out = people)
  for (i in 1:people) if (gone[i] > 0) a[i, sample(items, min(gone[i], items))] <- NA
  a[1, ] <- lo
  a[2, ] <- hi
  a
}
missing <- function(a) rowSums(is.na(a))
complete <- function(a, score) ifelse(missing(a) == 0, score, NA)
reverse <- function(a, items, ends) { a[, items] <- ends - a[, items]; a }
# Sum with the person's mean in place of up to so many missing answers.
prorated <- function(a, allowed) ifelse(missing(a) <= allowed, rowMeans(a, na.rm = TRUE) * ncol(a), NA)
# Mean of what is answered, where at least half is.
half <- function(a) ifelse(ncol(a) - missing(a) >= ncol(a) / 2, rowMeans(a, na.rm = TRUE), NA)

rows <- NULL
add <- function(instrument, codes, a, scores) {
  for (i in 1:people) {
    given <- !is.na(a[i, ])
    value <- vapply(scores, function(s) s[i], 0)
    rows <<- rbind(rows, data.frame(instrument = instrument,
      answers = paste(codes[given], a[i, given], sep = "=", collapse = " "),
      scores = paste(names(scores), ifelse(is.na(value), "", sprintf("%.10f", value)), sep = "=", collapse = " ")))
  }
}
numbered <- function(prefix, items) paste0(prefix, "_", 1:items)

a <- answers(9, 0, 3)
present <- a >= 2
present[, 9] <- a[, 9] >= 1
symptoms <- rowSums(present)
core <- present[, 1] | present[, 2]
syndrome <- ifelse(core & symptoms >= 5, 2, ifelse(core & symptoms >= 2, 1, 0))
add("phq9", numbered("phq9", 9), a, list(phq9 = prorated(a, 2), phq9_syndrome = complete(a, syndrome)))

a <- answers(8, 0, 3)
add("phq8", numbered("phq8", 8), a, list(phq8 = prorated(a, 2)))
a <- answers(7, 0, 3)
add("gad7", numbered("gad7", 7), a, list(gad7 = prorated(a, 2)))
a <- answers(4, 0, 3)
add("phq4", numbered("phq4", 4), a, list(phq4 = complete(a, rowSums(a)),
  phq4_anxiety = a[, 1] + a[, 2], phq4_depression = a[, 3] + a[, 4]))
a <- answers(4, 0, 10)
add("ons4", numbered("ons4", 4), a, list(ons4_satisfaction = a[, 1], ons4_worthwhile = a[, 2], ons4_happiness = a[, 3], ons4_anxiety = a[, 4]))
a <- answers(14, 1, 5)
add("wemwbs", numbered("wemwbs", 14), a, list(wemwbs = prorated(a, 3)))

metric <- c(7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25,
            19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00)
a <- answers(7, 1, 5)
add("swemwbs", numbered("swemwbs", 7), a, list(swemwbs_raw = rowSums(a), swemwbs = metric[rowSums(a) - 6]))

tariff <- rbind(c(-0.001, 0.101, 0.191, 0.222),
               c(-0.024, 0.096, 0.189, 0.228),
               c(0.006, 0.084, 0.156, 0.188),
               c(0.021, 0.091, 0.159, 0.181),
               c(-0.003, 0.069, 0.154, 0.181))
a <- answers(5, 1, 4)
add("icecapa", numbered("icecapa", 5), a, list(icecapa = rowSums(vapply(1:5, function(i) tariff[i, a[, i]], numeric(people)))))

a <- answers(14, 0, 3)
add("hads", numbered("hads", 14), a, list(hads_a = half(a[, c(1, 3, 5, 7, 9, 11, 13)]) * 7, hads_d = half(a[, c(2, 4, 6, 8, 10, 12, 14)]) * 7))

a <- answers(5, 0, 8)
a[3:40, ] <- matrix(sample(0:8, 38 * 5, replace = TRUE), 38)
a[3:40, 1] <- NA # not applicable, and all others answered
four <- rowSums(a[, 2:5])
add("wsas", numbered("wsas", 5), a, list(wsas = ifelse(is.na(a[, 1]), four, four + a[, 1]), wsas_pro_rata = prorated(a, 1)))

# The syntax of the manual: count lone 3, 9 and 10 at 2 and 3, lone 4, 7 and 8 at 1 and 2. In the order of the short scale these are
# 1, 4, 6 and 2, 3, 5.
a <- answers(6, 1, 3)
emotional <- a[, c(1, 4, 6)]
social <- a[, c(2, 3, 5)]
lonely <- rowSums(emotional == 2 | emotional == 3, na.rm = TRUE) + rowSums(social == 1 | social == 2, na.rm = TRUE)
add("djg6", numbered("djg6", 6), a, list(djg6 = ifelse(missing(a) <= 1, lonely, NA),
  djg6_emotional = rowSums(emotional > 1), djg6_social = rowSums(social < 3)))

a <- answers(3, 1, 3)
add("ucla3", numbered("ucla3", 3), a, list(ucla3 = rowSums(a)))
a <- answers(5, 0, 5)
add("who5", numbered("who5", 5), a, list(who5_raw = rowSums(a), who5 = rowSums(a) * 4))

a <- answers(30, 1, 7)
factors <- c("workload", "communication", "leadership", "teamwork", "learning")
add("pcsafequest", numbered("pcsq", 30), a, setNames(lapply(1:5, function(k) half(a[, 6 * k - 5:0])), paste0("pcsq_", factors)))
a <- answers(30, 1, 7)
r <- reverse(a, c(2, 4, 6, 9, 11, 15, 17, 21, 23, 26, 28, 30), 8)
add("safety-climate", paste0("sc_", rep(factors, each = 6), "_", 1:6), a, setNames(lapply(1:5, function(k) half(r[, 6 * k - 5:0])), paste0("safety_", factors)))

codes <- c(paste0("saq_", 1:23), paste0("saq_", rep(24:28, each = 2), c("_unit", "_hospital")), paste0("saq_", 29:36))
a <- answers(41, 1, 5)
r <- reverse(a, match(c("saq_2", "saq_11", "saq_36"), codes), 6)
colnames(r) <- codes
hundred <- function(...) (half(r[, paste0("saq_", c(...))]) - 1) * 25
saq <- list(saq_teamwork = hundred(1:6), saq_safety = hundred(7:13), saq_satisfaction = hundred(15:19), saq_stress = hundred(20:23),
  saq_unit = hundred(paste0(24:28, "_unit")), saq_hospital = hundred(paste0(24:28, "_hospital")), saq_conditions = hundred(29:32))
positive <- lapply(saq, function(s) as.numeric(s >= 75))
add("saq", codes, a, c(saq, setNames(positive, paste0(names(saq), "_positive"))))

connection <- file("instruments.csv", "w")
writeLines("# made by instruments.R with R 4.2.2", connection)
write.csv(rows, connection, row.names = FALSE, quote = FALSE)
close(connection)
