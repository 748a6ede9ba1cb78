/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of the program, for its own parts. */
#pragma once
#include "signaling/app.h"
#include "signaling/conductor.h"
#include "signaling/loop.h"
#include "signaling/media-client.h"
#include "signaling/gateway.h"
#include "signaling/stills.h"
#include "signaling/supervisor.h"
#include "signaling/turn.h"

loop *app_loop(const app *app);
gateway *app_gateway(const app *app);
conductor *app_conductor(const app *app);
media_client *app_media(const app *app);
stills *app_stills(const app *app);
supervisor *app_supervisor(const app *app);
const turn *app_turn(const app *app);

/* Takes `options`. Everything runs when it returns, but for the loop. NULL with a sentence that says what to do. */
app *app_new(options *options, GError **error);
/* Until SIGTERM or SIGINT. */
void app_run(app *app);
void app_free(app *app);
