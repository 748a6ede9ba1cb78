/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/error.h"
#include "core/db/db.h"

G_DEFINE_QUARK(core - error - quark, core_error)
G_DEFINE_QUARK(db - error - quark, db_error)
