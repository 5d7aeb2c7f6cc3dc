package surveys

// Fold folds in the accepted answers of one submission, in the order of receipt. It is for reading a ledger again;
// what arrives is folded by Response.Take.
func (s *State) Fold(sitting string, seq int, answers []ItemAnswer) { s.apply(sitting, seq, answers) }
