/* embed.h - embeds a file of the tree in the program, without a generator.
 *
 *     EMBED(schema, "registry/event/schema.sql");
 *     use(embed_schema, embed_schema_len());
 *
 * The path is relative to the top of the tree, where the compiler runs; a NUL follows the bytes.
 * The Makefile finds the dependency by reading EMBED's line (see embeds). */
#pragma once
#include <stddef.h>

#define EMBED(name, path)                                                     \
	__asm__(".pushsection .rodata\n"                                      \
		".global embed_" #name "\n"                                   \
		"embed_" #name ":\n"                                          \
		".incbin \"" path "\"\n"                                      \
		".global embed_" #name "_end\n"                               \
		"embed_" #name "_end:\n"                                      \
		".byte 0\n"                                                   \
		".popsection\n");                                             \
	extern const char embed_##name[], embed_##name##_end[];               \
	__attribute__((unused)) static inline size_t embed_##name##_len(void) \
	{                                                                     \
		return (size_t)(embed_##name##_end - embed_##name);           \
	}                                                                     \
	_Static_assert(1, "takes a semicolon")
