/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/record/clock.h"
#include "media/record/limits.h"
#include "media/record/part.h"
#include "media/record/person.h"
#include "media/record/webm.h"

enum { VIDEO, AUDIO, KINDS };
static const char *const kind_names[KINDS] = { "video", "audio" };

typedef struct {
	record_person *person;
	guint kind, number, rate;
	record_codec codec;
	record_track *track; /* NULL: the person has none of this kind */
	record_clock *clock;
	GQueue frames;                 /* record_frame, in order, waiting for their time */
	gint64 last_us;                /* time of the last frame written, 0 before the first */
	gint64 asked_us;               /* last time that a keyframe was asked for */
	const char *reason;            /* why something is missing before the next frame that comes */
	const char *dropped;           /* why something is missing before the next frame that is written */
	gboolean is_cut;               /* video: frames were dropped here, the next one written must be a keyframe */
	guint frame_count, lost_count; /* since the last line */
} person_track;

struct record_person {
	char *name;
	record_folder *folder;
	const record_person_events *events;
	void *user;
	record_clock_group *clocks;
	person_track tracks[KINDS];

	record_part *part; /* NULL before the first frame */
	record_webm *webm;
	GByteArray *plain; /* what `webm` has made and `part` has not got */
	char *file;        /* its name */
	record_webm_head head;
	gint64 began_us;  /* time 0 of the part */
	gint64 until_us;  /* time of the last frame in it */
	gint64 oldest_us; /* arrival of the oldest frame that is not in the file yet, 0: none */
	gint64 line_us;   /* when the last line was made */
	guint64 bytes_before;
	gboolean is_full; /* the disk is, and so is memory: frames are dropped */
	GError *fault;    /* a part could not be opened or closed since the last tick */
};

static json_int_t utc_ms(const record_person *person, gint64 us)
{
	return record_folder_utc_ms(person->folder, us);
}

static void ask_keyframe(person_track *one, gint64 now_us)
{
	if (now_us - one->asked_us < RECORD_KEYFRAME_ASK_MS * 1000)
		return;
	one->asked_us = now_us;
	one->person->events->keyframe_wanted(one->person->user, one->number);
}

/* --- from the tracks --- */

/* Set the time of a frame: for good when its hold is over, else as a guess. */
static void map(person_track *one, record_frame *frame, gint64 now_us, gboolean is_last)
{
	gint64 slip_us = 0;
	if (frame->is_mapped)
		return;
	if (!is_last && now_us - frame->arrival_us < RECORD_HOLD_MS * 1000) {
		frame->time_us = record_clock_peek(one->clock, frame->rtp, frame->first_us);
		return;
	}
	frame->time_us = record_clock_map(one->clock, frame->rtp, frame->first_us, &slip_us);
	frame->is_mapped = TRUE;
	if (slip_us == 0)
		return;
	frame->gap = "stalled";
	record_folder_note(one->person->folder, "slip",
		json_pack("{s:s, s:s, s:I}", "person", one->person->name, "kind", kind_names[one->kind], "by_us",
			(json_int_t)slip_us));
}

/* What waits still belongs to the old time line. */
static void renew_clock(person_track *one)
{
	for (GList *link = one->frames.head; link != NULL; link = link->next)
		map(one, link->data, 0, TRUE);
	record_clock_free(one->clock);
	one->clock = record_clock_new(one->person->clocks, one->rate);
}

static void on_frame(void *user, record_frame *frame)
{
	person_track *one = user;
	if (one->kind == VIDEO && frame->is_keyframe)
		one->person->events->keyframe(one->person->user, one->number, one->codec, frame);
	frame->gap = g_steal_pointer(&one->reason);
	g_queue_push_tail(&one->frames, frame);
}

static void on_lost(void *user, guint packets)
{
	person_track *one = user;
	one->lost_count += packets;
	one->reason = "lost";
}

static void on_restarted(void *user)
{
	renew_clock(user);
}

static const record_track_events track_events = { .frame = on_frame, .lost = on_lost, .restarted = on_restarted };

/* --- parts --- */

static void note_range(record_person *person, gint64 now_us)
{
	guint64 from, bytes;
	g_autofree char *hash = record_out_take_range(record_part_out(person->part), &from, &bytes);
	person->line_us = now_us;
	if (hash == NULL)
		return;
	person_track *audio = &person->tracks[AUDIO], *video = &person->tracks[VIDEO];
	record_folder_note(person->folder, "data",
		json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:I}", "file", person->file, "from", (json_int_t)from,
			"bytes", (json_int_t)bytes, "sha256", hash, "until_ms", utc_ms(person, person->until_us), "audio_frames",
			(json_int_t)audio->frame_count, "video_frames", (json_int_t)video->frame_count, "audio_lost",
			(json_int_t)audio->lost_count, "video_lost", (json_int_t)video->lost_count));
	audio->frame_count = audio->lost_count = video->frame_count = video->lost_count = 0;
	record_out_sync(record_part_out(person->part));
}

/* Hand over what the muxer has made. */
static void write_plain(record_person *person, gint64 arrival_us)
{
	gboolean has_left = record_part_write(person->part, person->plain->data, person->plain->len);
	if (person->oldest_us == 0 || has_left)
		person->oldest_us = arrival_us;
	g_byte_array_set_size(person->plain, 0);
}

static gboolean close_part(record_person *person, gint64 now_us, GError **error)
{
	if (person->part == NULL)
		return TRUE;
	record_out *out = record_part_out(person->part);
	gboolean is_done = record_part_finish(person->part, error);
	is_done = record_out_flush(out, is_done ? error : NULL) && is_done;
	note_range(person, now_us);
	is_done = record_out_sync_now(out, is_done ? error : NULL) && is_done;
	person->bytes_before += record_out_bytes(out);
	g_autofree char *hash = record_out_hash(out);
	if (is_done)
		record_folder_know(person->folder, person->file, record_out_bytes(out), hash);
	g_clear_pointer(&person->part, record_part_free);
	g_clear_pointer(&person->webm, record_webm_free);
	g_clear_pointer(&person->head.video_private, g_bytes_unref);
	g_clear_pointer(&person->file, g_free);
	person->oldest_us = 0;
	return is_done;
}

/* What a part that begins now with `frame` would have to hold. */
static record_webm_head wanted_head(const record_person *person, const record_frame *picture)
{
	const person_track *video = &person->tracks[VIDEO];
	record_webm_head head = { .has_audio = person->tracks[AUDIO].track != NULL,
		.has_video = video->track != NULL,
		.video_codec = video->codec,
		.width = picture != NULL && picture->is_keyframe ? picture->width : 1280,
		.height = picture != NULL && picture->is_keyframe ? picture->height : 720,
		.orientation = picture != NULL ? picture->orientation : 0 };
	if (video->track != NULL && video->codec == RECORD_H264)
		head.video_private = record_track_codec_private(video->track);
	head.has_video &= video->codec == RECORD_VP8 || head.video_private != NULL;
	return head;
}

static gboolean open_part(record_person *person, gint64 time_us, GError **error)
{
	g_autofree char *file = record_folder_name_part(person->folder, person->name);
	g_autofree char *path = record_folder_path(person->folder, file);
	record_part *part = record_part_new(path, record_folder_recipient(person->folder), error);
	if (part == NULL)
		return FALSE;
	person->part = part;
	person->file = g_steal_pointer(&file);
	person->head = wanted_head(person, g_queue_peek_head(&person->tracks[VIDEO].frames));
	person->head.began_ms = utc_ms(person, time_us);
	person->webm = record_webm_new(&person->head, person->plain);
	person->began_us = person->line_us = time_us;
	json_t *tracks = json_array();
	for (guint kind = 0; kind < KINDS; kind++) {
		if (kind == VIDEO ? person->head.has_video : person->head.has_audio)
			json_array_append_new(tracks, json_string(kind_names[kind]));
	}
	record_folder_note(person->folder, "file",
		json_pack("{s:s, s:s, s:I, s:o}", "file", person->file, "person", person->name, "began_ms",
			(json_int_t)person->head.began_ms, "tracks", tracks));
	return TRUE;
}

/* The part has a track of this kind and codec; only what its head says of the picture has changed. */
static gboolean has_place(const record_person *person, const person_track *one)
{
	return one->kind == AUDIO ? person->head.has_audio : person->head.has_video && person->head.video_codec == one->codec;
}

/* Can `frame` be written into the part that is open? */
static gboolean fits(const record_person *person, const person_track *one, const record_frame *frame)
{
	if (one->kind == AUDIO || !has_place(person, one))
		return has_place(person, one);
	if (!frame->is_keyframe || one->codec != RECORD_H264)
		return !frame->is_keyframe || person->head.orientation == frame->orientation;
	g_autoptr(GBytes) now = record_track_codec_private(one->track);
	return person->head.orientation == frame->orientation && g_bytes_equal(now, person->head.video_private);
}

/* --- frames --- */

static void note_gap(person_track *one, const record_frame *frame)
{
	record_person *person = one->person;
	const char *reason = one->dropped != NULL ? one->dropped : frame->gap;
	gboolean is_long = frame->time_us - one->last_us >= RECORD_GAP_MS * 1000;
	gboolean is_broken = one->kind == VIDEO && reason != NULL;
	if (one->last_us != 0 && (is_long || is_broken))
		record_folder_note(person->folder, "gap",
			json_pack("{s:s, s:s, s:I, s:I, s:s}", "person", person->name, "kind", kind_names[one->kind], "from_ms",
				utc_ms(person, one->last_us), "until_ms", utc_ms(person, frame->time_us), "reason",
				reason != NULL ? reason : "silent"));
	one->dropped = NULL;
}

/* Have a part that can hold `frame`. Returns why it must be dropped, or NULL. */
static const char *refuse_frame(person_track *one, const record_frame *frame, gint64 now_us)
{
	record_person *person = one->person;
	GError **fault = person->fault == NULL ? &person->fault : NULL;
	if (one->is_cut && !frame->is_keyframe)
		return one->dropped;
	if (person->is_full)
		return "disk_full";
	if (person->part != NULL && !fits(person, one, frame)) {
		gboolean is_early = has_place(person, one) && frame->time_us - person->began_us < RECORD_ROLL_MS * 1000;
		if (is_early)
			return one->codec == RECORD_VP8 ? NULL : "overload"; /* lying on its side for a moment, but there */
		if (!record_out_flush(record_part_out(person->part), fault) || !close_part(person, now_us, fault))
			return "disk_full";
	}
	return person->part != NULL || open_part(person, frame->time_us, fault) ? NULL : "disk_full";
}

/* Write the first waiting frame of `one`. */
static void write_frame(person_track *one, gint64 now_us)
{
	record_person *person = one->person;
	const char *refusal = refuse_frame(one, g_queue_peek_head(&one->frames), now_us);
	g_autoptr(record_frame) frame = g_queue_pop_head(&one->frames);
	one->is_cut = refusal != NULL;
	if (one->kind == VIDEO && (refusal != NULL || person->head.orientation != frame->orientation))
		ask_keyframe(one, now_us);
	if (refusal != NULL) {
		one->dropped = refusal;
		return;
	}
	note_gap(one, frame);
	one->last_us = person->until_us = frame->time_us;
	one->frame_count++;
	record_webm_frame(person->webm, one->kind == VIDEO ? RECORD_WEBM_VIDEO : RECORD_WEBM_AUDIO,
		(frame->time_us - person->began_us + 500) / 1000, frame->is_keyframe, frame->data);
	write_plain(person, frame->arrival_us);
}

/* Must the frame at the head of `one` wait for another track? */
static gboolean must_wait(const person_track *one, const record_frame *frame, gint64 now_us)
{
	const record_person *person = one->person;
	const person_track *other = &person->tracks[one->kind == VIDEO ? AUDIO : VIDEO];
	gint64 age_ms = (now_us - frame->arrival_us) / 1000;
	if (person->part == NULL && other->track != NULL && other->frames.length == 0 && age_ms < RECORD_HEAD_WAIT_MS)
		return TRUE;
	return other->track != NULL && record_track_is_waiting(other->track) && age_ms < RECORD_HOLD_MAX_MS;
}

/* The track whose head is next to be written, NULL when none is due. */
static person_track *next_due(record_person *person, gint64 now_us, gboolean is_last)
{
	person_track *next = NULL;
	const record_frame *first = NULL;
	gint64 oldest_us = now_us;
	for (guint kind = 0; kind < KINDS; kind++) {
		record_frame *frame = g_queue_peek_head(&person->tracks[kind].frames);
		if (frame == NULL)
			continue;
		map(&person->tracks[kind], frame, now_us, is_last);
		oldest_us = MIN(oldest_us, frame->arrival_us);
		if (first == NULL || frame->time_us < first->time_us) {
			next = &person->tracks[kind];
			first = frame;
		}
	}
	if (next == NULL || is_last)
		return next;
	gboolean is_held = !first->is_mapped && now_us - oldest_us < RECORD_HOLD_MAX_MS * 1000;
	return is_held || must_wait(next, first, now_us) ? NULL : next;
}

static void write_due(record_person *person, gint64 now_us, gboolean is_last)
{
	for (person_track *one; (one = next_due(person, now_us, is_last)) != NULL;)
		write_frame(one, now_us);
}

/* --- from outside --- */

record_person *record_person_new(const char *name, record_folder *folder, const record_person_events *events, void *user)
{
	record_person *person = g_new0(record_person, 1);
	person->name = g_strdup(name);
	person->folder = folder;
	person->events = events;
	person->user = user;
	person->clocks = record_clock_group_new();
	person->plain = g_byte_array_new();
	for (guint kind = 0; kind < KINDS; kind++)
		person->tracks[kind] = (person_track){ .person = person, .kind = kind, .frames = G_QUEUE_INIT };
	return person;
}

static void clear_frames(person_track *one)
{
	g_queue_clear_full(&one->frames, (GDestroyNotify)record_frame_free);
}

void record_person_free(record_person *person)
{
	if (person == NULL)
		return;
	for (guint kind = 0; kind < KINDS; kind++) {
		clear_frames(&person->tracks[kind]);
		record_track_free(person->tracks[kind].track);
		record_clock_free(person->tracks[kind].clock);
	}
	record_clock_group_free(person->clocks);
	record_webm_free(person->webm);
	record_part_free(person->part);
	g_clear_pointer(&person->head.video_private, g_bytes_unref);
	g_byte_array_unref(person->plain);
	g_clear_error(&person->fault);
	g_free(person->file);
	g_free(person->name);
	g_free(person);
}

const char *record_person_name(const record_person *person)
{
	return person->name;
}

void record_person_track(record_person *person, guint number, record_codec codec, guint rate)
{
	person_track *one = &person->tracks[codec == RECORD_OPUS ? AUDIO : VIDEO];
	one->rate = rate;
	renew_clock(one);
	if (one->codec != codec)
		clear_frames(one);
	record_track_free(one->track);
	one->number = number;
	one->codec = codec;
	one->track = record_track_new(codec, &track_events, one);
}

static person_track *find_track(record_person *person, guint number)
{
	for (guint kind = 0; kind < KINDS; kind++) {
		if (person->tracks[kind].track != NULL && person->tracks[kind].number == number)
			return &person->tracks[kind];
	}
	return NULL;
}

void record_person_packet(
	record_person *person, guint number, const guint8 *packet, gsize length, guint orientation, gint64 arrival_us)
{
	person_track *one = find_track(person, number);
	if (one == NULL || length < 12)
		return;
	guint32 rtp = (guint32)packet[4] << 24 | (guint32)packet[5] << 16 | (guint32)packet[6] << 8 | packet[7];
	record_track_packet(one->track, packet, length, orientation, arrival_us);
	record_clock_arrived(one->clock, record_track_unwrap(one->track, rtp), arrival_us);
	if (one->kind == VIDEO && record_track_needs_keyframe(one->track))
		ask_keyframe(one, arrival_us);
}

void record_person_report(record_person *person, guint number, guint32 rtp, guint64 ntp)
{
	person_track *one = find_track(person, number);
	if (one != NULL)
		record_clock_report(one->clock, record_track_unwrap(one->track, rtp), ntp);
}

/* Fill the chunk with a Void element when frames in it have waited long enough. */
static void fill_chunk(record_person *person, gint64 now_us)
{
	if (person->oldest_us == 0 || now_us - person->oldest_us < (RECORD_FLUSH_MS - RECORD_TICK_MS) * 1000)
		return;
	record_webm_void(person->webm, record_part_room(person->part) + 1);
	write_plain(person, 0);
}

gboolean record_person_tick(record_person *person, gint64 now_us, GError **error)
{
	for (guint kind = 0; kind < KINDS; kind++) {
		if (person->tracks[kind].track != NULL)
			record_track_tick(person->tracks[kind].track, now_us);
	}
	write_due(person, now_us, FALSE);
	if (person->fault != NULL) {
		g_propagate_error(error, g_steal_pointer(&person->fault));
		return FALSE;
	}
	if (person->part == NULL)
		return TRUE;
	record_out *out = record_part_out(person->part);
	if (!person->is_full)
		fill_chunk(person, now_us);
	gboolean is_written = record_out_backlog(out) == 0 || record_out_flush(out, error);
	person->is_full = is_written ? FALSE : person->is_full || record_out_backlog(out) > RECORD_BACKLOG_MAX_BYTES;
	if (now_us - person->line_us >= RECORD_LINE_MS * 1000)
		note_range(person, now_us);
	return is_written;
}

void record_person_pause(record_person *person, gint64 now_us)
{
	for (guint kind = 0; kind < KINDS; kind++) {
		person_track *one = &person->tracks[kind];
		if (one->track == NULL)
			continue;
		record_track_flush(one->track);
		one->reason = "paused";
	}
	write_due(person, now_us, TRUE); /* what came before the pause; it has its own reasons already */
}

gboolean record_person_finish(record_person *person, gint64 now_us, GError **error)
{
	record_person_pause(person, now_us);
	return close_part(person, now_us, error);
}

guint64 record_person_bytes(const record_person *person)
{
	return person->bytes_before + (person->part != NULL ? record_out_bytes(record_part_out(person->part)) : 0);
}
