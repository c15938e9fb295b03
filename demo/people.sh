#!/bin/sh
# The demo city's people, so that who looks at it can sign in within a minute: made once, told each
# time. For a register that is an example alone: everybody may read these passwords here.
# people.sh GAYA DIR ADDRESS
gaya=$1 dir=$2 at=$3
told=$("$gaya" account list --data "$dir" --json) || exit
pass=$(mktemp) || exit
trap 'rm -f "$pass"' EXIT
while read -r login password role department name; do
	case $told in
	*"\"login\": \"$login\""*) continue ;;
	esac
	printf '%s' "$password" >"$pass"
	"$gaya" account add --data "$dir" --login "$login" --name "$name" --email "$login@gimhae.example" \
		--password-file "$pass" --role "$role" --department "$department" --clock-is-right >/dev/null || exit
done <<EOF
minji water-lilies-at-noon officer waterworks 김민지
jiho seven-gates-of-gaya reviewer ai-city-policy 박지호
sora a-crown-under-glass administrator ai-city-policy 이소라
EOF
cat <<EOF
gaya: people of this demonstration sign in at $at/office
      minji   water-lilies-at-noon   담당자 officer, 수도과
      jiho    seven-gates-of-gaya    검토자 reviewer, AI정책과
      sora    a-crown-under-glass    관리자 administrator, AI정책과
      Sora's key is granted by the command that her page "내 계정 / My account" shows; she grants the others'.
EOF
