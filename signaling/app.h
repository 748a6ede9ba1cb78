/* SPDX-License-Identifier: EUPL-1.2 */
/* The program as a whole: what `jawort serve` is composed of. Everything is made at start and lives until the end, so
 * that what is handed out here stays valid. Thread: any. */
#pragma once
#include "booking/context.h"
#include "core/db/store.h"
#include "core/options.h"
#include "signaling/sign-client.h"

typedef struct app app;

store *app_store(const app *app);
/* The options of serve (signaling/serve-options.c). */
const options *app_options(const app *app);
/* Absolute, without a slash at the end: "https://heirat.example.org". Links in mails begin with it. */
const char *app_public_url(const app *app);
/* Folder for what is no database: recordings, keys, reports. Exists. */
const char *app_data_folder(const app *app);
const booking_settings *app_settings(const app *app);
/* Signs documents and checkpoints. */
sign_client *app_sign(const app *app);
