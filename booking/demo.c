/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/demo.h"
#include "booking/audit/log.h"
#include "booking/error.h"
#include "booking/holiday.h"
#include "booking/sql.h"
#include "core/age.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/file.h"
#include "core/id.h"
#include "core/json.h"
#include <glib/gstdio.h>

enum {
	FILE_BYTES = 256 * 1024,
	FILE_DEPTH = 8,
	HOLIDAYS_AHEAD_DAYS = 400,
	TRAINING_DAYS = 365,
	PASSWORD_CHARACTERS = 14,
};

typedef struct {
	json_t *file;
	const char *key_folder;
	json_t *passwords; /* login: password */
	json_t *hashes;    /* login: hash, for those who are not in the database yet */
	int64_t now_ms;
} demo;

char *demo_id(const char *kind, const char *key)
{
	g_autofree char *text = g_strdup_printf("demo/%s/%s", kind, key);
	g_autofree char *hash = crypto_sha256_hex(text, strlen(text));
	return g_strdup_printf("%s_%.*s", kind, ID_RANDOM_CHARACTERS, hash);
}

/* The id of a child is made of its parent's and its number. */
static char *child_id(const char *kind, const char *parent, int64_t number)
{
	g_autofree char *key = g_strdup_printf("%s/%" G_GINT64_FORMAT, parent, number);
	return demo_id(kind, key);
}

/* --- rows: an object of the file without its lists and its key, and what the loader adds --- */

static json_t *row_of(const json_t *object, const char *kind, const char *key)
{
	json_t *row = json_object();
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)object, name, value) {
		if (!json_is_array(value) && !json_is_object(value))
			json_object_set(row, name, value);
	}
	g_autofree char *id = demo_id(kind, key);
	json_object_set_new(row, "id", json_string(id));
	return row;
}

/* Takes the row. Its keys are the statement's parameters. */
static gboolean insert(db *db, const char *sql, json_t *taken, GError **error)
{
	g_autoptr(json_t) row = taken;
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(db_value));
	const char *name;
	json_t *value;
	json_object_foreach(row, name, value) {
		db_value bound = json_is_integer(value)   ? DB_INT(name, json_integer_value(value))
				 : json_is_boolean(value) ? DB_INT(name, json_is_true(value))
							  : DB_TEXT(name, json_string_value(value));
		g_array_append_val(values, bound);
	}
	return db_run_values(db, error, sql, (const db_value *)values->data, values->len) >= 0;
}

/* --- offices --- */

/* "08:30"; "24:00" is 1440. */
static int minute_of(const char *text)
{
	int hour = 0, minute = 0;
	return text != NULL && sscanf(text, "%d:%d", &hour, &minute) == 2 ? hour * 60 + minute : -1;
}

static gboolean load_opening(db *db, const char *office, const json_t *openings, GError **error)
{
	size_t i, k;
	json_t *opening, *weekday;
	json_array_foreach(openings, i, opening) {
		json_array_foreach(json_object_get(opening, "weekdays"), k, weekday) {
			g_autofree char *id = child_id("rule", office, (int64_t)(i * 10) + json_integer_value(weekday));
			if (db_run(db, error, SQL_DEMO_OPENING_RULE, DB_TEXT("id", id), DB_TEXT("office", office),
				    DB_INT("weekday", json_integer_value(weekday)),
				    DB_INT("from_minute", minute_of(json_text(opening, "from"))),
				    DB_INT("to_minute", minute_of(json_text(opening, "to")))) < 0)
				return FALSE;
		}
	}
	return TRUE;
}

/* Somebody may try the demo at Christmas. */
static gboolean open_on_holidays(const demo *demo, db *db, const char *office, const json_t *object, GError **error)
{
	zone_day today = (zone_day)(demo->now_ms / CLOCK_DAY_MS);
	for (zone_day day = today; day < today + HOLIDAYS_AHEAD_DAYS; day++) {
		GError *failure = NULL;
		gboolean is_holiday =
			holiday_is(db, json_text(object, "land"), json_text(object, "municipality_key"), day, &failure);
		if (failure != NULL) {
			g_propagate_error(error, failure);
			return FALSE;
		}
		g_autofree char *id = child_id("exception", office, day);
		if (is_holiday && db_run(db, error, SQL_DEMO_OPENING_EXCEPTION, DB_TEXT("id", id), DB_TEXT("office", office),
					  DB_INT("day", day), DB_INT("from_minute", 0), DB_INT("to_minute", 1440)) < 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean load_closures(db *db, const char *office, const json_t *closures, GError **error)
{
	size_t i;
	json_t *closure;
	json_array_foreach(closures, i, closure) {
		g_autofree char *id = child_id("closure", office, (int64_t)i);
		zone_day first = 0, last = 0;
		if (!zone_day_parse(json_text(closure, "first"), &first) || !zone_day_parse(json_text(closure, "last"), &last)) {
			g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "closures: no such day");
			return FALSE;
		}
		if (db_run(db, error, SQL_DEMO_CLOSURE, DB_TEXT("id", id), DB_TEXT("office", office), DB_INT("first_day", first),
			    DB_INT("last_day", last), DB_TEXT("reason", json_text(closure, "reason"))) < 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean load_holidays(db *db, const json_t *object, GError **error)
{
	const char *holiday;
	json_t *is_holiday;
	json_object_foreach(json_object_get(object, "holidays"), holiday, is_holiday) {
		if (db_run(db, error, SQL_DEMO_HOLIDAY, DB_TEXT("municipality_key", json_text(object, "municipality_key")),
			    DB_TEXT("holiday", holiday), DB_INT("is_holiday", json_is_true(is_holiday))) < 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean load_office(const demo *demo, db *db, const char *organisation, const json_t *object, GError **error)
{
	json_t *row = row_of(object, "office", json_text(object, "key"));
	g_autofree char *id = g_strdup(json_text(row, "id"));
	json_object_set_new(row, "organisation", json_string(organisation));
	for (const char *const *extra = (const char *const[]){ "key", "seats", "is_open_on_holidays", NULL }; *extra != NULL;
		extra++)
		json_object_del(row, *extra);
	if (!insert(db, SQL_DEMO_OFFICE, row, error))
		return FALSE;
	for (int64_t number = 1; number <= json_int(object, "seats"); number++) {
		g_autofree char *seat = child_id("seat", id, number);
		if (db_run(db, error, SQL_DEMO_SEAT, DB_TEXT("id", seat), DB_TEXT("office", id), DB_INT("number", number)) < 0)
			return FALSE;
	}
	return load_holidays(db, object, error) && load_opening(db, id, json_object_get(object, "opening"), error) &&
	       load_closures(db, id, json_object_get(object, "closures"), error) &&
	       (!json_bool(object, "is_open_on_holidays") || open_on_holidays(demo, db, id, object, error));
}

/* --- organisations --- */

/* (transfer full) The recipient of the identity in KEY_FOLDER/KEY.txt, which is made when it is not there. */
static char *recipient_of(const demo *demo, const char *key, GError **error)
{
	g_autofree char *name = g_strconcat(key, ".txt", NULL);
	g_autofree char *path = g_build_filename(demo->key_folder, name, NULL);
	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_autofree char *text = file_read(path, 4096, NULL, error);
		char *identity = text == NULL ? NULL : strstr(text, "AGE-SECRET-KEY-");
		return text == NULL ? NULL : age_identity_recipient(g_strchomp(identity != NULL ? identity : text), error);
	}
	g_autofree char *recipient = NULL;
	char *identity = age_identity_new(&recipient);
	g_autofree char *text =
		g_strdup_printf("# Demo only: opens the recordings of %s\n# public key: %s\n%s\n", key, recipient, identity);
	crypto_free_secret(identity);
	return file_create(path, text, strlen(text), 0600, error) ? g_steal_pointer(&recipient) : NULL;
}

static gboolean load_organisation(const demo *demo, db *db, const json_t *object, GError **error)
{
	const char *key = json_text(object, "key");
	json_t *row = row_of(object, "organisation", key);
	g_autofree char *id = g_strdup(json_text(row, "id"));
	json_object_del(row, "key");
	gboolean has_recordings = strcmp(json_text(object, "kind"), "municipality") == 0;
	g_autofree char *recipient = has_recordings ? recipient_of(demo, key, error) : g_strdup("");
	json_object_set_new(row, "recipients", json_string(recipient != NULL ? recipient : ""));
	if (!insert(db, SQL_DEMO_ORGANISATION, row, error) || recipient == NULL)
		return FALSE;
	size_t i;
	json_t *child;
	json_array_foreach(json_object_get(object, "offices"), i, child) {
		if (!load_office(demo, db, id, child, error))
			return FALSE;
	}
	json_array_foreach(json_object_get(object, "services"), i, child) {
		g_autofree char *service_key = g_strdup_printf("%s/%s", key, json_text(child, "key"));
		json_t *service = row_of(child, "service", service_key);
		json_object_set_new(service, "organisation", json_string(id));
		json_object_set_new(service, "position", json_integer((json_int_t)i));
		if (!insert(db, SQL_DEMO_SERVICE, service, error))
			return FALSE;
	}
	return TRUE;
}

/* --- staff and agreements --- */

static gboolean load_staff(const demo *demo, db *db, const json_t *object, GError **error)
{
	const char *login = json_text(object, "login");
	json_t *row = row_of(object, "staff", login);
	g_autofree char *id = g_strdup(json_text(row, "id"));
	g_autofree char *organisation = demo_id("organisation", json_text(object, "organisation"));
	g_autofree char *office = json_text(object, "office") == NULL ? NULL : demo_id("office", json_text(object, "office"));
	json_object_del(row, "organisation");
	json_object_del(row, "office");
	json_object_del(row, "is_trained");
	json_object_set(row, "password_hash", json_object_get(demo->hashes, login));
	if (json_object_get(demo->hashes, login) == NULL)
		json_decref(row);
	else if (!insert(db, SQL_DEMO_STAFF, row, error))
		return FALSE;
	size_t i;
	json_t *role;
	json_array_foreach(json_object_get(object, "roles"), i, role) {
		if (db_run(db, error, SQL_DEMO_STAFF_ROLE, DB_TEXT("staff", id), DB_TEXT("organisation", organisation),
			    DB_TEXT("role", json_string_value(role)), DB_TEXT("office", office)) < 0)
			return FALSE;
	}
	return !json_bool(object, "is_trained") ||
	       db_run(db, error, SQL_DEMO_TRAINING, DB_TEXT("staff", id), DB_INT("now_ms", demo->now_ms),
		       DB_INT("valid_until_ms", demo->now_ms + (int64_t)TRAINING_DAYS * CLOCK_DAY_MS)) >= 0;
}

static gboolean load_agreement(G_GNUC_UNUSED const demo *demo, db *db, const json_t *object, GError **error)
{
	g_autofree char *key = g_strdup_printf("%s/%s", json_text(object, "responsible"), json_text(object, "performer"));
	g_autofree char *responsible = demo_id("organisation", json_text(object, "responsible"));
	g_autofree char *performer = demo_id("organisation", json_text(object, "performer"));
	json_t *row = row_of(object, "agreement", key);
	g_autofree char *id = g_strdup(json_text(row, "id"));
	json_object_set_new(row, "responsible", json_string(responsible));
	json_object_set_new(row, "performer", json_string(performer));
	zone_day until = 0;
	if (!zone_day_parse(json_text(object, "valid_until"), &until)) {
		json_decref(row);
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "agreements: valid_until is no day");
		return FALSE;
	}
	json_object_del(row, "valid_until");
	json_object_set_new(row, "valid_until_ms", json_integer((json_int_t)until * CLOCK_DAY_MS));
	if (!insert(db, SQL_DEMO_AGREEMENT, row, error))
		return FALSE;
	size_t i;
	json_t *rule;
	json_array_foreach(json_object_get(object, "rules"), i, rule) {
		if (db_run(db, error, SQL_DEMO_AGREEMENT_RULE, DB_TEXT("agreement", id), DB_TEXT("kind", json_text(rule, "kind")),
			    DB_INT("minutes", json_int(rule, "minutes"))) < 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean log_loading(const demo *demo, db *db, const json_t *organisation, GError **error)
{
	g_autofree char *id = demo_id("organisation", json_text(organisation, "key"));
	audit_entry entry = { .organisation = id,
		.actor = "system",
		.action = "organisation.loaded",
		.subjects = { id },
		.time_ms = demo->now_ms };
	return audit_append(db, &entry, error) >= 0;
}

static gboolean write_rows(db *db, gpointer data, GError **error)
{
	static const struct {
		const char *list;
		gboolean (*load)(const demo *demo, struct db *db, const json_t *object, GError **error);
	} lists[] = {
		{ "organisations", load_organisation },
		{ "staff", load_staff },
		{ "agreements", load_agreement },
		{ "organisations", log_loading },
	};
	const demo *demo = data;
	for (size_t list = 0; list < G_N_ELEMENTS(lists); list++) {
		size_t i;
		json_t *object;
		json_array_foreach(json_object_get(demo->file, lists[list].list), i, object) {
			if (!lists[list].load(demo, db, object, error))
				return FALSE;
		}
	}
	return TRUE;
}

/* --- passwords --- */

static json_t *staff_of(const demo *demo)
{
	return json_object_get(demo->file, "staff");
}

/* "k7mp-x2qd-9trw": 59 bits, without letters that look alike. */
static char *new_password(void)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	GString *password = g_string_new(NULL);
	while (password->len < PASSWORD_CHARACTERS) {
		gboolean is_between = password->len % 5 == 4;
		g_string_append_c(password, is_between ? '-' : letters[crypto_random_below(sizeof letters - 1)]);
	}
	return g_string_free(password, FALSE);
}

/* (transfer full) Those of KEY_FOLDER/sign-ins.json, and new ones for whom it does not name. */
static json_t *load_passwords(const demo *demo, GError **error)
{
	g_autofree char *path = g_build_filename(demo->key_folder, "sign-ins.json", NULL);
	gboolean exists = g_file_test(path, G_FILE_TEST_EXISTS);
	g_autoptr(json_t) passwords = exists ? json_read_file(path, FILE_BYTES, FILE_DEPTH, error) : json_object();
	if (passwords == NULL)
		return NULL;
	size_t i;
	json_t *staff;
	json_array_foreach(staff_of(demo), i, staff) {
		g_autofree char *password = new_password();
		if (json_text(passwords, json_text(staff, "login")) == NULL)
			json_object_set_new(passwords, json_text(staff, "login"), json_string(password));
	}
	g_autofree char *text = json_compact(passwords);
	return file_replace(path, text, strlen(text), 0600, error) ? g_steal_pointer(&passwords) : NULL;
}

/* scrypt takes its time: before the transaction, and only for whom it is needed. */
static gboolean find_new_staff(db *db, gpointer data, GError **error)
{
	demo *demo = data;
	size_t i;
	json_t *staff;
	json_array_foreach(staff_of(demo), i, staff) {
		g_autofree char *id = demo_id("staff", json_text(staff, "login"));
		g_autoptr(db_rows) rows = db_select(db, error, SQL_DEMO_STAFF_EXISTS, DB_TEXT("id", id));
		if (rows == NULL)
			return FALSE;
		if (!db_next(rows))
			json_object_set_new(demo->hashes, json_text(staff, "login"), json_null());
	}
	return TRUE;
}

static void hash_passwords(demo *demo)
{
	const char *login;
	json_t *hash;
	json_object_foreach(demo->hashes, login, hash) {
		g_autofree char *text = crypto_password_hash(json_text(demo->passwords, login));
		json_object_set_new(demo->hashes, login, json_string(text));
	}
}

static json_t *sign_ins(const demo *demo)
{
	json_t *list = json_array();
	size_t i;
	json_t *staff;
	json_array_foreach(staff_of(demo), i, staff) {
		json_array_append_new(
			list, json_pack("{s:O, s:O, s:O, s:O, s:O}", "login", json_object_get(staff, "login"), "password",
				      json_object_get(demo->passwords, json_text(staff, "login")), "name",
				      json_object_get(staff, "name"), "roles", json_object_get(staff, "roles"), "organisation",
				      json_object_get(staff, "organisation")));
	}
	return list;
}

json_t *demo_load(store *store, const char *path, const char *key_folder, int64_t now_ms, GError **error)
{
	g_autoptr(json_t) file = json_read_file(path, FILE_BYTES, FILE_DEPTH, error);
	if (file == NULL)
		return NULL;
	if (g_mkdir_with_parents(key_folder, 0700) != 0) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "cannot make the folder %s: %s", key_folder, g_strerror(errno));
		return NULL;
	}
	g_autoptr(json_t) hashes = json_object();
	demo demo = { .file = file, .key_folder = key_folder, .hashes = hashes, .now_ms = now_ms };
	g_autoptr(json_t) passwords = demo.passwords = load_passwords(&demo, error);
	if (passwords == NULL || !store_read(store, find_new_staff, &demo, error))
		return NULL;
	hash_passwords(&demo);
	return store_write_wait(store, write_rows, &demo, error) ? sign_ins(&demo) : NULL;
}
