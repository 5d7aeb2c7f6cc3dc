package surveys

// Key is a secret of the server with the id that sealed values name it by.
type Key struct {
	ID     string
	Secret []byte
}
