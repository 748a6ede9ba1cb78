/* SPDX-License-Identifier: EUPL-1.2 */
/* The options of `jawort serve`, for serve itself and for `jawort config`. */
#pragma once
#include "core/options.h"

extern const option serve_options[];
/* What the table cannot say about a set of values: folders exist, a certificate has its key, TLS where it is needed.
 * FALSE with CORE_ERROR_OPTION and a sentence that says what to do. */
gboolean serve_options_check(const options *options, GError **error);
