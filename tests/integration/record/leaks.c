/* SPDX-License-Identifier: EUPL-1.2 */
/* What libraries keep for good: GLib gives up its first table of quarks when there are more than 2048 (it was made by a
 * constructor; to see that takes the whole stack), fontconfig what it has read. */
const char *__asan_default_options(void);
const char *__lsan_default_suppressions(void);

const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0:print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
	return "leak:ld-linux\nleak:libfontconfig\n";
}
