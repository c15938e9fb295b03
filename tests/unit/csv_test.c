#include "base/csv.h"
#include "base/languages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The rows of a table as canonical JSON, with ' for ", must be `want`. */
static void reads(const char *csv, const char *want)
{
	AUTO(buf) text = BUF(MIB);
	json_t *rows = NULL;

	if (csv_read(csv, strlen(csv), &rows) != OK)
		fail_msg("%s", err_why());
	json_canonical(rows, &text);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '"')
			text.data[i] = '\'';
	assert_string_equal(want, buf_text(&text));
	json_decref(rows);
}

static void refused(const char *csv, size_t len, const char *why)
{
	json_t *rows = NULL;

	assert_int_equal(ERR_INVALID, csv_read(csv, len, &rows));
	assert_null(rows);
	if (!strstr(err_why(), why))
		fail_msg("\"%s\" says \"%s\"", csv, err_why());
}

static void a_row_is_an_object_of_its_cells(void **state)
{
	reads("a,b\n1,two\n", "[{'line':2,'number':2,'row':{'a':'1','b':'two'}}]");
	reads("a\n", "[]");
	reads("a", "[]");
}

static void the_last_line_may_lack_its_end(void **state)
{
	reads("a,b\n1,2", "[{'line':2,'number':2,'row':{'a':'1','b':'2'}}]");
	reads("a,b\n1,\"2\"", "[{'line':2,'number':2,'row':{'a':'1','b':'2'}}]");
	reads("a,b\n1,", "[{'line':2,'number':2,'row':{'a':'1','b':''}}]");
}

static void a_byte_order_mark_is_no_part_of_the_first_name(void **state)
{
	reads("\xef\xbb\xbf"
	      "a\n1\n",
		"[{'line':2,'number':2,'row':{'a':'1'}}]");
	reads("\xef\xbb\xbf\"a\"\n1\n", "[{'line':2,'number':2,'row':{'a':'1'}}]");
}

static void lines_may_end_as_on_any_system(void **state)
{
	reads("a\r\n1\r\n2\r\n",
		"[{'line':2,'number':2,'row':{'a':'1'}},{'line':3,'number':3,'row':{'a':'2'}}]");
	reads("a\r1\r2\r",
		"[{'line':2,'number':2,'row':{'a':'1'}},{'line':3,'number':3,'row':{'a':'2'}}]");
}

static void a_row_is_counted_from_its_first_line(void **state)
{
	reads("a,b\n1,\"x\ny\"\n2,\"\n\n\"\n3,z\n",
		"[{'line':2,'number':2,'row':{'a':'1','b':'x\\ny'}},{'line':4,'number':3,'row':{'a':'2','b':'\\n\\n'}},"
		"{'line':7,'number':4,'row':{'a':'3','b':'z'}}]");
	reads("\"a\nb\"\r\n\"x\r\ny\"\r\nz\r\n",
		"[{'line':3,'number':2,'row':{'a\\nb':'x\\r\\ny'}},{'line':5,'number':3,'row':{'a\\nb':'z'}}]");
}

static void empty_lines_are_counted_but_are_no_rows(void **state)
{
	reads("\n\na\n\n1\n\r\n\n2\n\n",
		"[{'line':5,'number':5,'row':{'a':'1'}},{'line':8,'number':8,'row':{'a':'2'}}]");
}

static void quotes_and_commas_may_stand_in_quoted_cells(void **state)
{
	reads("a,b\n\"say \"\"hi\"\"\",\",\"\n",
		"[{'line':2,'number':2,'row':{'a':'say \\'hi\\'','b':','}}]");
	reads("a,b\n\"\",1\n", "[{'line':2,'number':2,'row':{'a':'','b':'1'}}]");
}

static void blanks_belong_to_the_cell(void **state)
{
	reads("a,b\n x ,\"\ty \"\n", "[{'line':2,'number':2,'row':{'a':' x ','b':'\\ty '}}]");
	reads("a ,b\n ,1\n", "[{'line':2,'number':2,'row':{'a ':' ','b':'1'}}]");
}

static void a_row_of_another_length_says_how_many_cells_it_has(void **state)
{
	reads("a,b\n1\n1,2,3\n", "[{'cells':1,'line':2,'number':2,'row':{'a':'1'}},"
				 "{'cells':3,'line':3,'number':3,'row':{'a':'1','b':'2'}}]");
}

static void a_nul_in_a_cell_stays(void **state)
{
	json_t *rows = NULL;
	const json_t *cell;

	assert_int_equal(OK, csv_read("a\nx\0y\n", 6, &rows));
	cell = json_object_get(json_object_get(json_array_get(rows, 0), "row"), "a");
	assert_int_equal(3, json_string_length(cell));
	json_decref(rows);
}

static void what_is_no_table_is_refused(void **state)
{
	refused("", 0, "no header");
	refused("\xef\xbb\xbf\n\n", 5, "no header");
	refused("a\n\xff\n", 4, "UTF-8");
	refused("a,b\0c\n", 6, "column 2");
}

static void rows_in_which_nothing_is_seen_are_none(void **state)
{
	reads(",,\n\na,b\n,\n1,2\n , \n,\u3164\n\"\",\"\"\n3,4\n,,,,\n",
		"[{'line':5,'number':5,'row':{'a':'1','b':'2'}},{'line':9,'number':9,'row':{'a':'3','b':'4'}}]");
	reads("a\n\"\"\n", "[]");
	refused(",,\n,,\n", 6, "no header");
}

static void columns_without_a_name_in_which_nothing_is_seen_are_none(void **state)
{
	reads("a,b,,\n1,2,,\n3,4, ,\n",
		"[{'line':2,'number':2,'row':{'a':'1','b':'2'}},{'line':3,'number':3,'row':{'a':'3','b':'4'}}]");
	reads(",a,,b\n,1,,2\n", "[{'line':2,'number':2,'row':{'a':'1','b':'2'}}]");
	reads("a,b\n1,2,,,\n", "[{'line':2,'number':2,'row':{'a':'1','b':'2'}}]");
	reads("a,b,,\n1,2\n", "[{'line':2,'number':2,'row':{'a':'1','b':'2'}}]");
	reads("a,b\n1,2,,3\n", "[{'cells':4,'line':2,'number':2,'row':{'a':'1','b':'2'}}]");
	refused("a,,b\n1,,2\n3,x,4\n", 17,
		"column 2 of the header has no name, but the row from line 3 has \"x\" in it");
	err_speak("ko");
	refused("a,,b\n1,,2\n3,x,4\n", 17, "2번째 열에 이름이 없는데");
	err_speak(LANGUAGE_OF_C);
}

static void the_separator_is_the_one_that_the_header_has_most(void **state)
{
	static const struct {
		const char *text;
		char separator;
	} tables[] = {{"a,b\n", ','}, {"a;b\n1,2;3,4,5\n", ';'}, {"a\tb\n", '\t'},
		{"a\n1;2;3\n", ','}, {"\"a;;;\",b\n", ','}, {"name, full;goal;office\n", ';'},
		{"\n;;\na;b\n", ';'}, {"\"x\ny\";b;c\n", ';'}, {"", ','}};

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++)
		assert_int_equal(
			tables[i].separator, csv_separator(tables[i].text, strlen(tables[i].text)));
	reads("a;b\n\"1;2\";3,4\n", "[{'line':2,'number':2,'row':{'a':'1;2','b':'3,4'}}]");
	reads("a\tb\r\n1\t\r\n", "[{'line':2,'number':2,'row':{'a':'1','b':''}}]");
}

static void a_separator_that_is_told_is_taken(void **state)
{
	AUTO(csv_table) t = {0};

	(void)state;
	assert_int_equal(OK, csv_read_table("a;b,c\n1;2,3\n", 12, ',', &t));
	assert_int_equal(',', t.separator);
	assert_int_equal(2, json_array_size(t.columns));
	assert_string_equal("a;b", json_string_value(json_array_get(t.columns, 0)));
}

static void names_and_cells_are_in_normal_form_c(void **state)
{
	reads("\u110b\u1175\u1105\u1173\u11b7,e\u0301\n\u1100\u1161,cafe\u0301\n",
		"[{'line':2,'number':2,'row':{'é':'café','이름':'가'}}]");
}

static void a_repeated_column_gets_a_number_that_no_other_has(void **state)
{
	reads("a,b,a,a\n1,2,3,4\n",
		"[{'line':2,'number':2,'row':{'a':'1','a#2':'3','a#3':'4','b':'2'}}]");
	reads("a,a#2,a\n1,2,3\n", "[{'line':2,'number':2,'row':{'a':'1','a#2':'2','a#3':'3'}}]");
	reads("a,a,a#2\n1,2,3\n", "[{'line':2,'number':2,'row':{'a':'1','a#2':'2','a#2#2':'3'}}]");
}

static void a_header_without_end_is_refused(void **state)
{
	AUTO(buf) header = BUF(MIB);

	for (int i = 0; i < CSV_COLUMNS; i++)
		buf_puts(&header, "a,");
	buf_puts(&header, "a\n");
	refused(buf_text(&header), header.len, "more than 10000 columns");
}

/* --- writing --- */

static void writes(const char *a, const char *b, const char *want)
{
	json_t *row = json_make("{s:s*,s:s*}", "a", a, "b", b);
	json_t *columns = json_make("[s,s]", "a", "b");
	AUTO(buf) text = BUF(MIB);

	csv_add_row(columns, row, &text);
	assert_string_equal(want, buf_text(&text));
	json_decref(row);
	json_decref(columns);
}

static void a_cell_is_quoted_where_it_must_be(void **state)
{
	writes("1", " two ", "1, two \r\n");
	writes("x,y", "say \"hi\"", "\"x,y\",\"say \"\"hi\"\"\"\r\n");
	writes("x\ny", "x\ry", "\"x\ny\",\"x\ry\"\r\n");
}

static void a_column_without_a_value_is_an_empty_cell(void **state)
{
	writes(NULL, "2", ",2\r\n");
	writes(NULL, NULL, ",\r\n");
}

static void the_header_has_a_byte_order_mark_and_the_names_as_they_are(void **state)
{
	json_t *columns = json_make("[s,s]", "@id", "이름");
	AUTO(buf) text = BUF(KIB);

	csv_add_header(columns, &text);
	assert_string_equal("\xef\xbb\xbf@id,이름\r\n", buf_text(&text));
	json_decref(columns);
}

static void a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(void **state)
{
	writes("=1+1", "+82", "'=1+1,'+82\r\n");
	writes("-5", "@x", "'-5,'@x\r\n");
	writes("\tx", "\rx", "'\tx,\"'\rx\"\r\n");
	writes("＝1", "\n=1", "'＝1,\"'\n=1\"\r\n");
	writes("=\"x\"", "1-1", "\"'=\"\"x\"\"\",1-1\r\n");
}

static void an_apostrophe_that_was_there_is_told_from_one_that_was_added(void **state)
{
	writes("'=1", "''@", "''=1,'''@\r\n");
	writes("'s", "'", "'s,'\r\n");
}

static void what_is_written_reads_the_same_again(void **state)
{
	static const char *const cells[] = {"", "=", "'=", "''", "'", "-1", "\n", "\r\n", "\"",
		"\"\"", ",", " ", "＋", "'＠x", "a\nb", "'\t"};
	json_t *columns = json_make("[s,s]", "cell", "other"), *rows = NULL;
	AUTO(buf) text = BUF(MIB);

	csv_add_header(columns, &text);
	for (size_t i = 0; i < COUNT(cells); i++) {
		json_t *row = json_make("{s:s,s:s}", "cell", cells[i], "other", "seen");

		csv_add_row(columns, row, &text);
		json_decref(row);
	}
	assert_int_equal(OK, csv_read(buf_text(&text), text.len, &rows));
	csv_unguard(rows);
	assert_int_equal(COUNT(cells), json_array_size(rows));
	for (size_t i = 0; i < COUNT(cells); i++)
		assert_string_equal(cells[i],
			json_str(json_object_get(json_array_get(rows, i), "row"), "cell"));
	json_decref(rows);
	json_decref(columns);
}

static void quotes_out_of_place_are_refused_with_their_line(void **state)
{
	refused("a\n1\n\"x\ny", 8, "row from line 3 is never closed");
	refused("a\n\"x\" y\n", 8, "line 2");
	refused("a\n1\nx \"y\" z\n", 12, "line 3");
	refused("a\n\"x\ny\"z\n", 9, "line 3, in the row from line 2");
}

static enum err pass_over(void *arg, const json_t *columns)
{
	(void)arg, (void)columns;
	return OK;
}

static enum err keep_row(void *arg, json_t *entry)
{
	json_push(arg, entry);
	return OK;
}

/* The lines of the rows, a lost one in brackets; or why there are none. */
static char *mended(const char *text)
{
	json_auto_t *rows = json_array();
	const struct csv_take take = {rows, pass_over, keep_row, .mends = true};
	struct csv_reader *r = csv_reader_new(0, &take);
	AUTO(buf) out = BUF(KIB);
	enum err e = csv_reader_feed(r, text, strlen(text));
	json_t *entry;
	size_t i;

	if (e == OK)
		e = csv_reader_end(r);
	csv_reader_free(r);
	if (e != OK)
		return mem_text(err_why());
	json_array_foreach (rows, i, entry)
		buf_printf(&out, json_object_get(entry, "quote") ? "[%lld]" : "%lld",
			(long long)json_num(entry, "line"));
	return buf_take(&out);
}

static void a_stray_quote_costs_its_row_where_the_next_one_is_certain(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
		{"a,b,c\n1,2,3\n4,12\" screen,6\n7,8,9\n", "2[3]4"},
		{"a,b,c\n1,\"12\" screen\",3\n7,8,9\n", "[2]3"},
		{"a,b,c\r\n1,2\",3\r\n\"4\n5\",6,7\r\n", "[2]3"},
		{"a,b\n1,x\"y", "[2]"},
		{"a,b,,\n1,x\"y,,\n2,z,,\n", "[2]3"},
		/* another cell goes on, or the row has other cells than the header */
		{"a,b,c\n1,x\"y,\"long\np,q,r\nend\"\n",
			"CSV: line 2, in the row from line 2: a quote where none may be"},
		{"a,b,c\n1,x\"y\n2,3,4\n",
			"CSV: line 2, in the row from line 2: a quote where none may be"},
		{"a,b,c\n1,\"x\ny\"z,3\n4,5,6\n",
			"CSV: line 3, in the row from line 2: a quote where none may be"},
		{"a,b\"b\n1,2\n", "CSV: line 1, in the row from line 1: a quote where none may be"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *rows = mended(cases[i].text);

		assert_string_equal(cases[i].rows, rows);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stray_quote_costs_its_row_where_the_next_one_is_certain),
		cmocka_unit_test(a_row_is_an_object_of_its_cells),
		cmocka_unit_test(the_last_line_may_lack_its_end),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_name),
		cmocka_unit_test(lines_may_end_as_on_any_system),
		cmocka_unit_test(a_row_is_counted_from_its_first_line),
		cmocka_unit_test(empty_lines_are_counted_but_are_no_rows),
		cmocka_unit_test(quotes_and_commas_may_stand_in_quoted_cells),
		cmocka_unit_test(blanks_belong_to_the_cell),
		cmocka_unit_test(a_row_of_another_length_says_how_many_cells_it_has),
		cmocka_unit_test(a_nul_in_a_cell_stays),
		cmocka_unit_test(what_is_no_table_is_refused),
		cmocka_unit_test(rows_in_which_nothing_is_seen_are_none),
		cmocka_unit_test(columns_without_a_name_in_which_nothing_is_seen_are_none),
		cmocka_unit_test(the_separator_is_the_one_that_the_header_has_most),
		cmocka_unit_test(a_separator_that_is_told_is_taken),
		cmocka_unit_test(names_and_cells_are_in_normal_form_c),
		cmocka_unit_test(a_repeated_column_gets_a_number_that_no_other_has),
		cmocka_unit_test(a_header_without_end_is_refused),
		cmocka_unit_test(a_cell_is_quoted_where_it_must_be),
		cmocka_unit_test(a_column_without_a_value_is_an_empty_cell),
		cmocka_unit_test(the_header_has_a_byte_order_mark_and_the_names_as_they_are),
		cmocka_unit_test(a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe),
		cmocka_unit_test(an_apostrophe_that_was_there_is_told_from_one_that_was_added),
		cmocka_unit_test(what_is_written_reads_the_same_again),
		cmocka_unit_test(quotes_out_of_place_are_refused_with_their_line),
	};
	err_translator(language_sentence, LANGUAGE_OF_C);
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
