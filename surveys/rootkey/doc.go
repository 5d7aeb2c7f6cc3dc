// Package rootkey keeps the one secret that an installation holds outside its database, and what follows from it.
//
// The root key is 32 random bytes. It seals the secrets that lie in the database ([Key.Seal]), so that a copy of the database
// grants nothing by itself: nothing in it opens a session, and codes that people type cannot be found by trying them all. The
// database knows the key by its fingerprint ([Key.Fingerprint]), which tells nothing of the key.
//
// # Where it is kept
//
// In a file of one line that only its owner may read ([Read], [Make]), and on paper: the letters of [Key.Text] stand in
// groups, each of which has a letter that checks it, so that whoever types them in is told in which group one is wrong
// ([Parse]).
package rootkey
