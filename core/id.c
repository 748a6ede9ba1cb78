/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/id.h"
#include "core/crypto.h"
#include <string.h>

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

char *id_new(const char *kind)
{
	guint8 random[ID_RANDOM_CHARACTERS];
	char text[ID_RANDOM_CHARACTERS + 1] = { 0 };
	crypto_random(random, sizeof(random));
	for (guint i = 0; i < ID_RANDOM_CHARACTERS; i++)
		text[i] = alphabet[random[i] % 32];
	return g_strconcat(kind, "_", text, NULL);
}

gboolean id_is(const char *kind, const char *text)
{
	size_t length = strlen(kind);
	if (text == NULL || strncmp(text, kind, length) != 0 || text[length] != '_')
		return FALSE;
	const char *random = text + length + 1;
	return strlen(random) == ID_RANDOM_CHARACTERS && strspn(random, alphabet) == ID_RANDOM_CHARACTERS;
}
