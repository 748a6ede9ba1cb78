/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/metrics.h"
#include <stdatomic.h>
#include <string.h>

enum { BUCKETS_MAX = 16 };

struct metric {
	char *name, *labels, *help;
	const char *type;
	_Atomic int64_t value; /* counter, gauge: the value; histogram: the sum */
	int64_t bounds[BUCKETS_MAX];
	guint bounds_count;
	_Atomic int64_t buckets[BUCKETS_MAX + 1]; /* not cumulative; the last is above all bounds */
};

static GMutex registry_lock;
static GPtrArray *registry; /* of metric*, sorted by name, then labels */

static gint by_name(gconstpointer a, gconstpointer b)
{
	const metric *left = *(metric *const *)a, *right = *(metric *const *)b;
	int order = strcmp(left->name, right->name);
	return order != 0 ? order : strcmp(left->labels, right->labels);
}

static metric *find(const char *name, const char *labels)
{
	for (guint i = 0; i < registry->len; i++) {
		metric *each = registry->pdata[i];
		if (g_str_equal(each->name, name) && g_str_equal(each->labels, labels))
			return each;
	}
	return NULL;
}

static metric *make(const char *type, const char *name, const char *labels, const char *help, const int64_t *bounds)
{
	g_mutex_lock(&registry_lock);
	if (registry == NULL)
		registry = g_ptr_array_new();
	metric *self = find(name, labels != NULL ? labels : "");
	if (self == NULL) {
		self = g_new0(metric, 1);
		self->name = g_strdup(name);
		self->labels = g_strdup(labels != NULL ? labels : "");
		self->help = g_strdup(help);
		self->type = type;
		for (; bounds != NULL && bounds[self->bounds_count] != 0 && self->bounds_count < BUCKETS_MAX;
			self->bounds_count++)
			self->bounds[self->bounds_count] = bounds[self->bounds_count];
		g_ptr_array_add(registry, self);
		g_ptr_array_sort(registry, by_name);
	}
	g_mutex_unlock(&registry_lock);
	return self;
}

metric *metric_counter(const char *name, const char *labels, const char *help)
{
	return make("counter", name, labels, help, NULL);
}

metric *metric_gauge(const char *name, const char *labels, const char *help)
{
	return make("gauge", name, labels, help, NULL);
}

metric *metric_histogram(const char *name, const char *labels, const char *help, const int64_t *bounds)
{
	static const int64_t milliseconds[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 0 };
	return make("histogram", name, labels, help, bounds != NULL ? bounds : milliseconds);
}

void metric_add(metric *self, int64_t amount)
{
	atomic_fetch_add_explicit(&self->value, amount, memory_order_relaxed);
}

void metric_set(metric *self, int64_t value)
{
	atomic_store_explicit(&self->value, value, memory_order_relaxed);
}

void metric_observe(metric *self, int64_t value)
{
	guint bucket = 0;
	while (bucket < self->bounds_count && value > self->bounds[bucket])
		bucket++;
	atomic_fetch_add_explicit(&self->buckets[bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&self->value, value, memory_order_relaxed);
}

static int64_t observations(const metric *self)
{
	int64_t count = 0;
	for (guint i = 0; i <= self->bounds_count; i++)
		count += atomic_load_explicit(&self->buckets[i], memory_order_relaxed);
	return count;
}

int64_t metric_value(const metric *self)
{
	return self->bounds_count > 0 ? observations(self) : atomic_load_explicit(&self->value, memory_order_relaxed);
}

static void append_histogram(GString *out, const metric *self)
{
	const char *comma = *self->labels != '\0' ? "," : "";
	int64_t count = 0;
	for (guint i = 0; i <= self->bounds_count; i++) {
		char bound[24] = "+Inf";
		if (i < self->bounds_count)
			g_snprintf(bound, sizeof(bound), "%" G_GINT64_FORMAT, self->bounds[i]);
		count += atomic_load_explicit(&self->buckets[i], memory_order_relaxed);
		g_string_append_printf(
			out, "%s_bucket{%s%sle=\"%s\"} %" G_GINT64_FORMAT "\n", self->name, self->labels, comma, bound, count);
	}
	const char *open = *self->labels != '\0' ? "{" : "", *close = *self->labels != '\0' ? "}" : "";
	g_string_append_printf(out, "%s_sum%s%s%s %" G_GINT64_FORMAT "\n", self->name, open, self->labels, close,
		atomic_load_explicit(&self->value, memory_order_relaxed));
	g_string_append_printf(out, "%s_count%s%s%s %" G_GINT64_FORMAT "\n", self->name, open, self->labels, close, count);
}

char *metrics_text(void)
{
	GString *out = g_string_new(NULL);
	const char *last = "";
	g_mutex_lock(&registry_lock);
	for (guint i = 0; registry != NULL && i < registry->len; i++) {
		const metric *self = registry->pdata[i];
		if (!g_str_equal(self->name, last))
			g_string_append_printf(
				out, "# HELP %s %s\n# TYPE %s %s\n", self->name, self->help, self->name, self->type);
		last = self->name;
		if (self->bounds_count > 0)
			append_histogram(out, self);
		else
			g_string_append_printf(out, "%s%s%s%s %" G_GINT64_FORMAT "\n", self->name,
				*self->labels != '\0' ? "{" : "", self->labels, *self->labels != '\0' ? "}" : "",
				metric_value(self));
	}
	g_mutex_unlock(&registry_lock);
	return g_string_free(out, FALSE);
}
