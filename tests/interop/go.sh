# go.sh - builds the verifiers from Debian's packages, without a network, into $work/verify and
# $work/follow.
gocode=/usr/share/gocode
[ -d $gocode/src/golang.org/x/mod/sumdb/tlog ] && command -v go >/dev/null || {
	echo "skipped: golang-go or golang-golang-x-mod-dev is not installed"
	finish
}
# CGO_ENABLED stays at its default: Debian compiled the standard library so, and Go uses that. With any other
# value Go compiles it anew.
for tool in verify follow; do
	GO111MODULE=off GOPATH=$gocode GOFLAGS='' GOCACHE=${GOCACHE:-$PWD/build/go-cache} \
		go build -o "$work/$tool" tests/interop/$tool.go || {
		claim "the Go verifier builds"
		fault "it does not"
		exit 1
	}
done
