#include "registry/write/folder.h"

const struct folder_file folder_files[] = {
	{REG_VKEY, FOLDER_PUBLIC, 0644},
	{REG_CONTACT_PUBLIC, FOLDER_PUBLIC, 0600},
	{REG_POLICY, FOLDER_PUBLIC, 0644},
	{REG_KEY, FOLDER_SECRET, 0600},
	{REG_CONTACT_KEY, FOLDER_SECRET, 0600},
};
const size_t folder_files_n = sizeof(folder_files) / sizeof(*folder_files);
