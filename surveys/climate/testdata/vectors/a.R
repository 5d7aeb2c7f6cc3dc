# The code of the vectors a_*.csv: R 4.2.2 with clubSandwich 0.5.8.
#   cd surveys/climate/testdata/vectors && Rscript a.R
suppressPackageStartupMessages(library(clubSandwich))
RNGkind("Mersenne-Twister","Inversion","Rejection"); options(warn=1,digits=15)
out <- function(d,f) write.csv(d,f,row.names=FALSE,quote=FALSE,na="")
E <- new.env(); E$r <- NULL
put <- function(topic,case,name,value) E$r <- rbind(E$r,data.frame(topic=topic,case=gsub(" ;",";",gsub(",",";",case)),name=name,value=sprintf("%.12g",value)))
flush <- function(f){ out(E$r,f); E$r <- NULL }

## a ---- change of practice means between two rounds, against the change of the other practices
set.seed(2016); k <- 20; prog <- c(1:4); staffN <- sample(10:34,k,TRUE)
mu <- rnorm(k,5,.35); ch <- rnorm(k,.12,.20)+ifelse(1:k %in% prog,.20,0)
A <- do.call(rbind,lapply(1:k,function(j) do.call(rbind,lapply(1:2,function(r){ n <- max(5,rbinom(1,staffN[j],.7)); y <- mu[j]+(r==2)*ch[j]+rnorm(n,0,.9); data.frame(practice=sprintf("P%02d",j),programme=as.integer(j %in% prog),round=r,staff=staffN[j],score=pmin(7,pmax(1,round(y*6)/6))) }))))
out(transform(A,score=sprintf("%.10f",score)),"a_staff_scores.csv"); A$score <- as.numeric(sprintf("%.10f",A$score))
m <- aggregate(score~practice+programme+round,A,mean); w <- reshape(m,idvar=c("practice","programme"),timevar="round",direction="wide"); w$d <- w$score.2-w$score.1
n <- aggregate(score~practice+round,A,length); v <- aggregate(score~practice+round,A,var)
P <- w$programme==1; dP <- w$d[P]; dO <- w$d[!P]
t1 <- t.test(dP,dO); put("a","programme vs others, practices weigh alike, Welch","baseline_programme",mean(w$score.1[P])); put("a","programme vs others, practices weigh alike, Welch","baseline_others",mean(w$score.1[!P]))
for(x in list(list("change_programme",mean(dP)),list("change_others",mean(dO)),list("difference_of_changes",mean(dP)-mean(dO)),list("se",unname(t1$stderr)),list("df_welch",unname(t1$parameter)),list("low",t1$conf.int[1]),list("high",t1$conf.int[2]),list("p",t1$p.value))) put("a","programme vs others, practices weigh alike, Welch",x[[1]],x[[2]])
t2 <- t.test(dP,dO,var.equal=TRUE); for(x in list(list("se",unname(t2$stderr)),list("df",unname(t2$parameter)),list("low",t2$conf.int[1]),list("high",t2$conf.int[2]))) put("a","the same, pooled variance",x[[1]],x[[2]])
b <- t.test(w$score.1[P],w$score.1[!P]); put("a","baseline, programme minus others, Welch","difference",unname(diff(rev(b$estimate)))); put("a","baseline, programme minus others, Welch","low",b$conf.int[1]); put("a","baseline, programme minus others, Welch","high",b$conf.int[2])
# each group's own change: one-sample t, k-1
for(g in list(list("programme",dP),list("others",dO))){ t <- t.test(g[[2]]); put("a",paste("own change,",g[[1]],", t with k-1"),"low",t$conf.int[1]); put("a",paste("own change,",g[[1]],", t with k-1"),"high",t$conf.int[2]) }
# respondents weigh alike: difference in differences of pooled means, CR2 by practice
A$r2 <- A$round-1; f <- lm(score~programme*r2,A); cr <- coef_test(f,vcov="CR2",cluster=A$practice); i <- "programme:r2"
put("a","respondents weigh alike, CR2 by practice","difference_of_changes",unname(coef(f)[i])); put("a","respondents weigh alike, CR2 by practice","se",cr[i,"SE"]); put("a","respondents weigh alike, CR2 by practice","df",cr[i,"df_Satt"]); q <- qt(.975,cr[i,"df_Satt"])*cr[i,"SE"]; put("a","respondents weigh alike, CR2 by practice","low",coef(f)[[i]]-q); put("a","respondents weigh alike, CR2 by practice","high",coef(f)[[i]]+q)
# one practice against the others: Crawford and Howell 1998, df k_others-1
for(p in c("P01","P09")){ dj <- w$d[w$practice==p]; o <- w$d[w$practice!=p]; se <- sd(o)*sqrt(1+1/length(o)); df <- length(o)-1; ts <- (dj-mean(o))/se; nm <- paste("one practice",p,"vs the others, Crawford-Howell")
 for(x in list(list("change",dj),list("change_others",mean(o)),list("difference_of_changes",dj-mean(o)),list("se",se),list("df",df),list("low",dj-mean(o)-qt(.975,df)*se),list("high",dj-mean(o)+qt(.975,df)*se),list("p",2*pt(-abs(ts),df)))) put("a",nm,x[[1]],x[[2]])
 # its own change, staff as a sample of its N: Welch, without and with finite population factor 1-n/N in each round
 y1 <- A$score[A$practice==p&A$round==1]; y2 <- A$score[A$practice==p&A$round==2]; N <- A$staff[A$practice==p][1]; s1 <- var(y1)/length(y1); s2 <- var(y2)/length(y2)
 for(fp in 0:1){ a1 <- s1*(1-fp*length(y1)/N); a2 <- s2*(1-fp*length(y2)/N); se <- sqrt(a1+a2); df <- (a1+a2)^2/(a1^2/(length(y1)-1)+a2^2/(length(y2)-1)); nm <- paste("own change of",p,"from its staff",if(fp) "with finite population factor" else "Welch")
  for(x in list(list("se",se),list("df",df),list("low",dj-qt(.975,df)*se),list("high",dj+qt(.975,df)*se))) put("a",nm,x[[1]],x[[2]]) } }
# finite population: these practices and no others; error only from staff who did not answer
vv <- merge(merge(setNames(n,c("practice","round","n")),setNames(v,c("practice","round","v"))),unique(A[,c("practice","staff","programme")])); vv$e <- vv$v/vv$n*pmax(0,1-vv$n/vv$staff)
e <- aggregate(e~practice+programme,vv,sum); kp <- sum(P); ko <- sum(!P); se <- sqrt(sum(e$e[e$programme==1])/kp^2+sum(e$e[e$programme==0])/ko^2); D <- mean(dP)-mean(dO)
put("a","these practices only (census of practices), error of staff sampling only, z","se",se); put("a","these practices only (census of practices), error of staff sampling only, z","low",D-qnorm(.975)*se); put("a","these practices only (census of practices), error of staff sampling only, z","high",D+qnorm(.975)*se)
# sensitivity: adjusted for the practice's start
g <- lm(d~programme+score.1,w); s <- coef(summary(g))["programme",]; put("a","sensitivity: practice change ~ programme + start","difference",s[1]); put("a","sensitivity: practice change ~ programme + start","low",s[1]-qt(.975,g$df.residual)*s[2]); put("a","sensitivity: practice change ~ programme + start","high",s[1]+qt(.975,g$df.residual)*s[2]); put("a","sensitivity: practice change ~ programme + start","df",g$df.residual)
# against a published average whose change (0.05) is taken as fixed: one-sample t, k-1
f1 <- t.test(dP,mu=.05); put("a","programme against a published change of 0.05 taken as fixed","difference",mean(dP)-.05); put("a","programme against a published change of 0.05 taken as fixed","low",f1$conf.int[1]-.05); put("a","programme against a published change of 0.05 taken as fixed","high",f1$conf.int[2]-.05); put("a","programme against a published change of 0.05 taken as fixed","p",f1$p.value)
flush("a_expected.csv")
# the sentence: C = the programme's own change, A = the average's, D = C - A with its interval, B = difference of starts with its interval, M = margin fixed before the round
sentence <- function(C,A,D,low,high,M) {
  if(C<=0) return(if(A<=0) { if(D>=0) "fell less than the average" else "fell more than the average" } else "did not rise while the average did")
  if(A<=0) return("rose while the average did not")
  if(D>0) return(if(low>0) "rose more than the average" else "rose more in these practices; chance is not excluded")
  if(high<0) return(if(!is.na(M)&&low> -M) "rose slightly less than the average" else "rose less than the average")
  if(is.na(M)) return("rose about as much; too uncertain to say almost as much")
  if(low> -M) return("rose almost as much as the average")
  if(D>= -M) "rose about as much; too uncertain to say almost as much" else "rose less in these practices; chance is not excluded" }
Rl <- data.frame(theme=c("workload","leadership","teamwork","systems","communication","t6","t7","t8","t9","t10","t11","t12","t13","t14","t15"),
  C=c(.51,.42,.32,.46,.14,.14,.10,.15,.08,.12,-.10,-.30,-.05,.20,.12),A=c(.20,.20,.20,.20,.20,.20,.50,.40,.20,.20,-.25,-.10,.15,-.05,.18),
  low=c(.05,-.04,-.10,.02,-.14,-.30,-.70,-.60,-.22,-.13,-.02,-.45,-.40,.05,-.14),high=c(.57,.48,.34,.50,.02,.18,-.10,.10,-.02,-.03,.32,.05,.00,.45,.02),
  B=c(-.2,.1,0,-.1,.45,-.1,.2,.3,.1,-.4,0,.1,.2,-.1,.45),B_low=c(-.5,-.3,-.3,-.4,.12,-.4,-.1,.02,-.2,-.7,-.3,-.2,-.1,-.4,.12),B_high=c(.1,.5,.3,.2,.78,.2,.5,.58,.4,-.1,.3,.4,.5,.2,.78),M=c(rep(.15,14),NA))
Rl$D <- round(Rl$C-Rl$A,10); Rl$sentence <- mapply(sentence,Rl$C,Rl$A,Rl$D,Rl$low,Rl$high,Rl$M)
Rl$from <- ifelse(Rl$B_low>0,"from a higher start",ifelse(Rl$B_high<0,"from a lower start","from a similar start")); out(Rl,"a_sentences.csv")

