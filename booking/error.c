/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/error.h"

G_DEFINE_QUARK(booking - error, booking_error)
