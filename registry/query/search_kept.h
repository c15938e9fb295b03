/* search_kept.h - what searches keep for those after them: the texts of systems that were found
 * lately, ready to be looked through for words, the words of the index that are compared with
 * misspelt ones, and which words no name, tag or summary has. All are of one state of the register.
 * Shared by threads; what is kept does not change until the last of its readers gives it back. */
#pragma once
#include "registry/query/search_parts.h"

/* The columns of a system's texts in `search_text`. */
enum { SEARCH_COLUMNS = 5 };

/* The texts of the system at `id`: those that are kept, or read and then kept. `kept` NULL: only
 * read. */
struct search_texts {
	_Atomic unsigned holders;
	int64_t size, id;
	struct search_text *of[SEARCH_COLUMNS];
};
MUST_CHECK enum err search_texts_hold(struct search_kept *kept, const struct snapshot *snap,
	int64_t size, int64_t id, struct search_texts **out);
void search_texts_drop(struct search_texts *texts);

/* The words of names, tags and summaries from `from` up to `to`, and how many systems have them:
 * to count these, FTS5 reads the list of each word's systems. */
struct search_vocabulary {
	_Atomic unsigned holders;
	int64_t size;
	char from[16], to[16];
	size_t n;
	struct search_word {
		char *term;
		int64_t systems;
	} * words;
};
MUST_CHECK enum err search_vocabulary_hold(struct search_kept *kept, const struct snapshot *snap,
	const char *from, const char *to, struct search_vocabulary **out);
void search_vocabulary_drop(struct search_vocabulary *vocabulary);

/* Whether a question to the index, such as a query in FTS5's syntax, finds anything: `*any`.
 * Returns false if the answer is not kept. */
bool search_answer_kept(struct search_kept *kept, int64_t size, const char *query, bool *any);
void search_answer_keep(struct search_kept *kept, int64_t size, const char *query, bool any);
