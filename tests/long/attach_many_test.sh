#!/bin/bash
# Many files of 20 MiB at once: how much of them the server keeps in memory.
. "$(dirname "$0")/../cli/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
must init --data "$data" --origin $origin
must key new --origin $origin --department tourism --out "$work/tourism.key"
cp "$work/out" "$work/tourism.vkey"
must office --data "$data" department-add tourism --name "ko=관광과" --name "en=Tourism Division"
must office --data "$data" key-grant tourism "@$work/tourism.vkey"

pdf() { # file, size in bytes, a word that makes it unlike others
	local head="%PDF-1.7"$'\n'"% $3"$'\n' end=$'\n'"startxref"$'\n'"9"$'\n'"%%EOF"$'\n'
	printf %s "$head" >"$1"
	truncate -s $(($2 - ${#end})) "$1"
	printf %s "$end" >>"$1"
}
record '.attachments = [{kind: "contract", title: {ko: "운영 계약서", en: "The contract"}, sha256: "largest.pdf"}]' \
	"$work/largest.json"

sending=
many=16
case $GAYA in *asan*) many=10 ;; esac
claim "many at once, of 20 MiB each, are refused or kept, and the server stays small"
serve "$data"
contents "$work/largest.json"
for ((n = 1; n <= many; n++)); do
	pdf "$work/many-$n.pdf" 20971520 "many $n"
	printf '%s' "${contents//largest.pdf/many-$n.pdf}" >"$work/many-$n.json"
done
for ((n = 1; n <= many; n++)); do
	"$GAYA_FAST" file --server "$url" --key "$work/tourism.key" --system "many-$n" --yes \
		--attach "$work/many-$n.pdf" "$work/many-$n.json" >"$work/many-$n.out" 2>&1 &
	sending="$sending $!"
done
kept=0
busy=0
for one in $sending; do
	wait "$one"
	case $? in
	0) kept=$((kept + 1)) ;;
	7) busy=$((busy + 1)) ;;
	*) fault "neither kept nor told to come back" ;;
	esac
done
same "kept or told to come back" $many $((kept + busy))
[ $kept -ge 8 ] || fault "only $kept were kept"
peak=$(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$server/status")
echo "# $kept kept, $busy told to come back; the server's peak: $peak MiB"
case $GAYA in
*asan*) ;; # whose own memory is most of it
*) [ "$peak" -lt 400 ] || fault "the server's memory reached $peak MiB" ;;
esac
page /healthz
answers 200
verify "$data"
exits 0
finish
