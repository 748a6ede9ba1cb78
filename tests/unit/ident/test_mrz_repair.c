/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include "ident/mrz.h"
#include <string.h>

#define L1 "IDD<<LZ6311T475<<<<<<<<<<<<<<<"
#define L2 "8308126<3110315D<<2108<<<<<<<9"
#define L3 "MUSTERMANN<<ERIKA<<<<<<<<<<<<<"
#define P1 "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<"
#define P2 "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4"

/* What was read, and the lines it must become. */
static const struct {
	const char *name;
	const char *read[6];
	const char *lines[3];
} cases[] = {
	{ "clean", { L1, L2, L3 }, { L1, L2, L3 } },
	{ "text around", { "BUNDESREPUBLIK DEUTSCHLAND AUSWEIS", "x", L1, L2, L3, "IMPRINT" }, { L1, L2, L3 } },
	{ "blanks", { "IDD<<LZ6311T475 <<< <<<<<<<<< <<<", L2, " " L3 }, { L1, L2, L3 } },
	{ "small letters", { "idd<<lz6311t475<<<<<<<<<<<<<<<", L2, L3 }, { L1, L2, L3 } },
	{ "too few fillers", { "IDD<<LZ6311T475<<<<<<<<<<<<", "8308126<3110315D<<2108<<<<<9", "MUSTERMANN<<ERIKA<<<<<<<" },
		{ L1, L2, L3 } },
	{ "too many fillers", { L1 "<<", "8308126<3110315D<<2108<<<<<<<<<9", L3 "<<<" }, { L1, L2, L3 } },
	{ "fillers as letters",
		{ "IDD<<LZ6311T475<<<KKK<<<<C<<<<", "8308126<3110315D<<2108<<<KK<<9", "MUSTERMANN<<ERIKA<<<<<<<<KLLC<" },
		{ L1, L2, L3 } },
	{ "separator as letter", { L1, L2, "MUSTERMANN<KERIKA<<<<<<<<<<<<<" }, { L1, L2, L3 } },
	{ "guillemets", { "IDD«LZ6311T475«««««««<", L2, "MUSTERMANN«ERIKA<<<<<<<<<<<<<" }, { L1, L2, L3 } },
	{ "state as letters", { "IDDKCLZ6311T475<<<<<<<<<<<<<<<", L2, L3 }, { L1, L2, L3 } },
	{ "O for 0 in dates", { L1, "83O8126<311O315D<<2108<<<<<<<9", L3 }, { L1, L2, L3 } },
	{ "look-alikes in dates", { L1, "B3OBIZ6<3II0315D<<2108<<<<<<<9", L3 }, { L1, L2, L3 } },
	{ "digits in the name", { L1, L2, "MU5TERMANN<<ER1KA<<<<<<<<<<<<<" }, { L1, L2, L3 } },
	{ "2 for Z in the number", { "IDD<<L26311T475<<<<<<<<<<<<<<<", L2, L3 }, { L1, L2, L3 } },
	{ "I and S in the number", { "IDD<<LZ63I1T47S<<<<<<<<<<<<<<<", L2, L3 }, { L1, L2, L3 } },
	{ "sex as letter", { L1, "8308126K3110315D<<2108<<<<<<<9", L3 }, { L1, L2, L3 } },
	{ "passport", { P1, P2 }, { P1, P2 } },
	{ "passport, O for 0", { "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<", "CO1XO0T478D<<6408125F2702283<<<<<<<<<<<<4" },
		{ P1, P2 } },
	{ "foreign, O for 0 in dates",
		{ "I<UTOD231458907<<<<<<<<<<<<<<<", "74O8122F12O4159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" },
		{ "I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" } },
	{ "foreign passport, O for 0",
		{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10" },
		{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10" } },
	{ "names of real letters stay", { L1, L2, "KLICK<<NICK<<<<<<<<<<<<<<<<<<<" },
		{ L1, L2, "KLICK<<NICK<<<<<<<<<<<<<<<<<<<" } },
};

static void test_mends(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *read[8] = { NULL };
		for (guint j = 0; j < 6; j++)
			read[j] = cases[i].read[j];
		ident_mrz mrz;
		g_autoptr(GError) error = NULL;
		g_test_message("%s", cases[i].name);
		ident_mrz_repair(read, &mrz, &error);
		g_assert_no_error(error);
		for (guint j = 0; j < 3; j++)
			g_assert_cmpstr(mrz.lines[j], ==, cases[i].lines[j] != NULL ? cases[i].lines[j] : "");
		const char *const mended[] = { mrz.lines[0], mrz.lines[1], cases[i].lines[2] != NULL ? mrz.lines[2] : NULL,
			NULL };
		ident_mrz parsed;
		g_assert_true(ident_mrz_parse(mended, &parsed, NULL));
	}
}

/* What cannot be decided is not decided. */
static void test_refusals(void)
{
	static const char *const read[][6] = {
		{ NULL },
		{ "", "", "" },
		{ L1, L2 },
		{ L1, L3, L2 },
		{ "IDD<<LZ6311T475<<<<<<<<<<<<<<<", "8308127<3110315D<<2108<<<<<<<9", L3 }, /* a wrong date check */
		{ "IDD<<LZ6311T476<<<<<<<<<<<<<<<", L2, L3 },                               /* a wrong number check */
		{ "IDD<<LX6311T475<<<<<<<<<<<<<<<", L2, L3 },                               /* no look-alike */
		{ L1, "8308126<3110315D<<2108<<<<<<<8", L3 },                               /* a wrong composite */
		/* I or 1 at one place, D or 0 at another: two numbers have the right check digit */
		{ "I<UTOD23I45890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<" },
		{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C<3UTO6908061F9406236ZE184226B<<<<<<<" },
		{ "ACD<<S000000017DLHBS<<<<<<<<<<", "6408125F2012319FRAFAT<<<<<<<<6", "MUSTERMANN<<ERIKA<<<<<<<<<<<<<" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(read); i++) {
		ident_mrz mrz;
		g_autoptr(GError) error = NULL;
		g_assert_false(ident_mrz_repair(read[i], &mrz, &error));
		g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	}
}

/* Every single character of the number read as a look-alike: mended to the right number, or refused, never to another one. */
static void test_never_another_number(void)
{
	static const char *const groups[] = { "0ODQ", "1IL", "2Z", "5S", "6G", "8B", NULL };
	guint mended = 0;
	for (guint position = 5; position < 15; position++) {
		for (guint i = 0; groups[i] != NULL; i++) {
			if (strchr(groups[i], L1[position]) == NULL)
				continue;
			for (const char *other = groups[i]; *other != '\0'; other++) {
				g_autofree char *line = g_strdup(L1);
				line[position] = *other;
				const char *const read[] = { line, L2, L3, NULL };
				ident_mrz mrz;
				if (!ident_mrz_repair(read, &mrz, NULL))
					continue;
				mended++;
				for (guint k = 5; k < 15; k++) /* 6 and G, 1 and L look the same to a check digit */
					g_assert_cmpint(
						ident_mrz_check_digit(&mrz.lines[0][k], 1), ==, ident_mrz_check_digit(&L1[k], 1));
			}
		}
	}
	g_assert_cmpuint(mended, >=, 15);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/mrz_repair/mends", test_mends);
	g_test_add_func("/ident/mrz_repair/refusals", test_refusals);
	g_test_add_func("/ident/mrz_repair/never_another_number", test_never_another_number);
	return g_test_run();
}
