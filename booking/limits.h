/* SPDX-License-Identifier: EUPL-1.2 */
/* The limits of booking: each with unit and reason. */
#pragma once

#define CELL_MS (5 * 60 * 1000)                 /* what a claim is counted in; every duration and buffer is a multiple */
#define HOLD_MS (10 * 60 * 1000)                /* three short forms take a slow reader about six minutes */
#define HOLD_EXTENSIONS 1                       /* WCAG 2.2.1 asks for one; more would let a visitor block a time */
#define HOLDS_PER_ADDRESS 10                    /* held or unconfirmed: plenty for a household or a library's computers */
#define CONFIRM_MS (60 * 60 * 1000)             /* greylisting delays a first mail up to half an hour */
#define TIME_LIST_DAYS_DEFAULT 7                /* what a page asks for first */
#define CHECK_IN_BEFORE_MS (60 * 60 * 1000)     /* early enough to test the camera, late enough to keep the queue honest */
#define CHECK_IN_AFTER_MS (2 * 60 * 60 * 1000)  /* after the end; an office that runs late still serves those who waited */
#define NO_SHOW_AFTER_MS (24 * 60 * 60 * 1000)  /* after the end; a human may set it earlier */
#define FORGET_AFTER_MS (24 * 60 * 60 * 1000)   /* after expiry: the data of an unconfirmed booking has no purpose */
#define UNCONFIRMED_MAX 3                       /* bookings that wait for one mail address: nobody fills a stranger's mailbox */
#define MOVES_MAX 10                            /* of one appointment; more is not planning */
#define LINK_TRIES 5                            /* wrong dates of birth before a link is locked ... */
#define LINK_LOCK_MS (15 * 60 * 1000)           /* ... for this long; 366 guesses would take 18 hours ... */
#define LINK_TRIES_TOTAL 20                     /* ... but after so many it is dead until the appointment is moved */
#define SIGN_IN_TRIES 5                         /* wrong passwords before a pause ... */
#define SIGN_IN_LOCK_FIRST_MS (60 * 1000)       /* ... of a minute, doubling with each further one ... */
#define SIGN_IN_LOCK_MAX_MS (60 * 60 * 1000)    /* ... up to an hour: 24 guesses a day, and nobody is locked out for long */
#define SIGN_IN_FORGET_MS (24 * 60 * 60 * 1000) /* after the last try */
#define BIRTH_YEARS_MIN 18                      /* § 1303 BGB: of full age */
#define BIRTH_YEARS_MAX 120                     /* the oldest person known reached 122 */
#define NAME_CHARACTERS 120                     /* DIN 91379 registers hold less */
#define PERSONS_MAX 2                           /* partners of a booking; others join the case later */
#define MAIL_TRIES 16                           /* with doubling pauses from 10 s to 1 h: about seven hours */
#define MAIL_BACKOFF_FIRST_MS (10 * 1000)
#define MAIL_BACKOFF_MAX_MS (60 * 60 * 1000)
#define TAN_MAIL_MS (10 * 60 * 1000) /* as long as the TAN in it can be used; later it only misleads */
#define MAIL_CONNECTIONS 6           /* at once to the mail server; servers take ten and more of one client */
#define MAIL_BATCH 20                /* mails per look into the outbox */
#define REMINDER_DAY_MS (24 * 60 * 60 * 1000)
#define REMINDER_HOUR_MS (60 * 60 * 1000)
