/* SPDX-License-Identifier: EUPL-1.2 */
/* Makes media match the database.
 *
 * What should be stands in the database: who is in which live session, who consented, whether to record. The conductor
 * compares it with what media has and sends the commands that are missing; what media reports it writes back. It
 * keeps only what media last confirmed, so it recovers from the death of either side by looking again.
 * One thread; one command about a session's recording is on its way at a time. */
#pragma once
#include "signaling/app.h"

typedef struct conductor conductor;

conductor *conductor_new(app *app);
void conductor_start(conductor *conductor);
/* Its thread ends; what media still reports is not looked at. Before the media client goes, which the thread uses. */
void conductor_stop(conductor *conductor);
/* After the media client, which reports to it. */
void conductor_free(conductor *conductor);
/* A topic was touched. Thread: any. */
void conductor_touch(conductor *conductor, const char *topic);
/* What the media client reports (media-client.h). Thread: any. */
void conductor_media_up(gpointer conductor);
void conductor_media_down(gpointer conductor);
void conductor_media_event(const json_t *event, gpointer conductor);
