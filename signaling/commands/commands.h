/* SPDX-License-Identifier: EUPL-1.2 */
/* The subcommands: commands/X.c has command_X, and main.c a row for it. Each returns the exit status of the process;
 * argv[0] is the command's name. */
#pragma once

int command_config(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_media(int argc, char **argv);
int command_record(int argc, char **argv);
int command_recording(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_sign(int argc, char **argv);
int command_report(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_specimen(int argc, char **argv);
