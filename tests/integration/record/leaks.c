/* SPDX-License-Identifier: EUPL-1.2 */
/* Leaks are looked for where a test asks for it, with ASAN_OPTIONS: it takes the whole stack of each allocation, which is slow,
 * to tell ours from what libraries keep (GLib its first table of quarks, made by a constructor; fontconfig what it has read). */
const char *__asan_default_options(void);
const char *__lsan_default_suppressions(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
	return "leak:ld-linux\nleak:libfontconfig\n";
}
