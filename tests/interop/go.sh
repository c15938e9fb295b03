# go.sh - builds the verifiers from Debian's packages, without a network, into $work/verify and
# $work/follow.
gocode=/usr/share/gocode
[ -d $gocode/src/golang.org/x/mod/sumdb/tlog ] && command -v go >/dev/null || {
	echo "skipped: golang-go or golang-golang-x-mod-dev is not installed"
	finish
}
for tool in verify follow; do
	GO111MODULE=off GOPATH=$gocode GOFLAGS='' GOCACHE=${GOCACHE:-$PWD/build/go-cache} CGO_ENABLED=0 \
		go build -o "$work/$tool" tests/interop/$tool.go || {
		claim "the Go verifier builds"
		fault "it does not"
		exit 1
	}
done
