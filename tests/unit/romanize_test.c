#include "base/buf.h"
#include "base/romanize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct word {
	const char *korean, *latin;
};

/* Every example of the standard (국어의 로마자 표기법, chapters 2 and 3), without capitals and
 * hyphens. */
static const struct word official[] = {
	/* 제2장 제1항 and 제2항 */
	{"광희문", "gwanghuimun"},
	{"구미", "gumi"},
	{"영동", "yeongdong"},
	{"백암", "baegam"},
	{"옥천", "okcheon"},
	{"합덕", "hapdeok"},
	{"호법", "hobeop"},
	{"월곶", "wolgot"},
	{"벚꽃", "beotkkot"},
	{"한밭", "hanbat"},
	{"구리", "guri"},
	{"설악", "seorak"},
	{"칠곡", "chilgok"},
	{"임실", "imsil"},
	{"울릉", "ulleung"},
	{"대관령", "daegwallyeong"},
	/* 제3장 제1항: what assimilates, what is added, what is palatal, what is aspirated */
	{"백마", "baengma"},
	{"신문로", "sinmunno"},
	{"종로", "jongno"},
	{"왕십리", "wangsimni"},
	{"별내", "byeollae"},
	{"신라", "silla"},
	{"학여울", "hangnyeoul"},
	{"알약", "allyak"},
	{"해돋이", "haedoji"},
	{"같이", "gachi"},
	{"굳히다", "guchida"},
	{"맞히다", "machida"},
	{"좋고", "joko"},
	{"놓다", "nota"},
	{"잡혀", "japyeo"},
	{"낳지", "nachi"},
	{"묵호", "mukho"},
	{"집현전", "jiphyeonjeon"},
	/* no tense sounds */
	{"압구정", "apgujeong"},
	{"낙동강", "nakdonggang"},
	{"죽변", "jukbyeon"},
	{"낙성대", "nakseongdae"},
	{"합정", "hapjeong"},
	{"팔당", "paldang"},
	{"샛별", "saetbyeol"},
	{"울산", "ulsan"},
	/* 제2항 and 제3항 */
	{"중앙", "jungang"},
	{"반구대", "bangudae"},
	{"세운", "seun"},
	{"해운대", "haeundae"},
	{"부산", "busan"},
	{"세종", "sejong"},
	/* 제4항 */
	{"민용하", "minyongha"},
	{"송나리", "songnari"},
	/* 제5항 */
	{"충청북도", "chungcheongbukdo"},
	{"제주도", "jejudo"},
	{"의정부시", "uijeongbusi"},
	{"양주군", "yangjugun"},
	{"도봉구", "dobonggu"},
	{"신창읍", "sinchangeup"},
	{"삼죽면", "samjungmyeon"}, /* Samjuk-myeon: behind its hyphen nothing assimilates */
	{"인왕리", "inwangni"},     /* Inwang-ri, likewise */
	{"당산동", "dangsandong"},
	{"퇴계로", "toegyero"},
	/* 제6항 */
	{"남산", "namsan"},
	{"속리산", "songnisan"},
	{"금강", "geumgang"},
	{"독도", "dokdo"},
	{"경복궁", "gyeongbokgung"},
	{"무량수전", "muryangsujeon"},
	{"연화교", "yeonhwagyo"},
	{"극락전", "geungnakjeon"},
	{"안압지", "anapji"},
	{"남한산성", "namhansanseong"},
	{"화랑대", "hwarangdae"},
	{"불국사", "bulguksa"},
	{"현충사", "hyeonchungsa"},
	{"독립문", "dongnimmun"},
	{"오죽헌", "ojukheon"},
	{"촉석루", "chokseongnu"},
	{"종묘", "jongmyo"},
	{"다보탑", "dabotap"},
};

/* Not covered by the examples: clusters, and words of offices. */
static const struct word others[] = {
	{"독립", "dongnip"},
	{"값이", "gapsi"},
	{"닭이", "dalgi"},
	{"많다", "manta"},
	{"앓는", "alleun"},
	{"핥이다", "halchida"},
	{"앉히다", "anchida"},
	{"밝히다", "balkida"},
	{"좋아", "joa"},
	{"놓는", "nonneun"},
	{"난로", "nallo"},
	{"발전량", "baljeonnyang"},
	{"서울역", "seoullyeok"},
	{"협력", "hyeomnyeok"},
	{"국회", "gukhoe"},
	{"정책과", "jeongchaekgwa"},
	{"복지정책과", "bokjijeongchaekgwa"},
	{"관리", "gwalli"},
	{"읽고", "ikgo"},
	{"힣", "hit"},
	{"", ""},
};

static void check(const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		AUTOFREE char *latin = romanize(words[i].korean);

		if (strcmp(words[i].latin, latin) != 0)
			fail_msg("%s is %s, not %s", words[i].korean, words[i].latin, latin);
	}
}

static void every_example_of_the_standard_is_written_as_it_says(void **state)
{
	check(official, COUNT(official));
}

static void sounds_change_also_where_the_standard_has_no_example(void **state)
{
	check(others, COUNT(others));
}

static void what_is_not_korean_stays_and_parts_two_words(void **state)
{
	AUTOFREE char *text = romanize("종로 2가, café 국 물");

	assert_string_equal("jongno 2ga, café guk mul", text);
}

static void a_name_becomes_an_address_that_can_be_read(void **state)
{
	static const struct word names[] = {
		{"AI정책과", "ai-jeongchaekgwa"}, {"AI전략과", "ai-jeollyakgwa"},
		{"교통 신호 최적화(예시)", "gyotong-sinho-choejeokhwa-yesi"},
		{"365안전센터", "365-anjeonsenteo"}, {"ＡＩ정책과", "ai-jeongchaekgwa"},
		{"Waterworks & Roads", "waterworks-roads"}, {"Gemeente Één", "gemeente-een"},
		{"Straße – Ærø", "strasse-aero"}, {"  --  ", ""}, {"交通", ""},
		{"\xe1\x84\x80\xe1\x85\xae\xe1\x86\xa8", "guk"}, /* 국, in jamo */
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		char slug[81] = "?";

		assert_int_equal(*names[i].latin != '\0', romanize_slug(names[i].korean, 80, slug));
		assert_string_equal(names[i].latin, slug);
	}
}

static void a_long_name_is_cut_at_a_hyphen_and_a_long_word_anywhere(void **state)
{
	char slug[31];

	assert_true(romanize_slug("교통 신호 최적화", 14, slug));
	assert_string_equal("gyotong-sinho", slug);
	assert_true(romanize_slug("교통 신호 최적화", 13, slug));
	assert_string_equal("gyotong-sinho", slug);
	assert_true(romanize_slug("교통신호최적화", 10, slug));
	assert_string_equal("gyotongsin", slug);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_of_the_standard_is_written_as_it_says),
		cmocka_unit_test(sounds_change_also_where_the_standard_has_no_example),
		cmocka_unit_test(what_is_not_korean_stays_and_parts_two_words),
		cmocka_unit_test(a_name_becomes_an_address_that_can_be_read),
		cmocka_unit_test(a_long_name_is_cut_at_a_hyphen_and_a_long_word_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
