/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/serve-options.h"
#include "core/sandbox.h"

#include "signaling/http/proxy.h"

#include <string.h>
#include <unistd.h>

const option serve_options[] = {
	{ "listen", OPTION_TEXT, "127.0.0.1:8080", 0, 0, NULL, NULL, FALSE,
		"ADDRESS:PORT to listen on; 0.0.0.0:8080 for all addresses, [::1]:8080 for IPv6, port 0 for any that is free." },
	{ "monitor", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"ADDRESS:PORT for /healthz and /metrics; without it they are answered only if listen is a loopback address and "
		"no "
		"proxy stands in front." },
	{ "public-url", OPTION_TEXT, "http://localhost:8080", 0, 0, NULL, NULL, FALSE,
		"How people reach the pages; links in mails begin with it, and only its pages may talk to the server." },
	{ "trusted-proxy", OPTION_LIST, NULL, 0, 0, NULL, NULL, FALSE,
		"Address or network of a proxy in front: its X-Forwarded-For tells the client's address, nobody else's does." },
	{ "tls-certificate", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"PEM file with the certificate and its chain; without it plain HTTP is spoken." },
	{ "tls-key", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE, "PEM file with the certificate's private key." },
	{ "site", OPTION_TEXT, "web/dist", 0, 0, NULL, NULL, FALSE, "Folder with the built pages." },
	{ "data", OPTION_TEXT, "var", 0, 0, NULL, NULL, FALSE, "Folder for recordings, keys and sockets; made when missing." },
	{ "database", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE, "Without it sqlite:DATA/jawort.db." },
	{ "smtp", OPTION_TEXT, "smtp://127.0.0.1:2525", 0, 0, NULL, NULL, FALSE,
		"Mail server: smtp://HOST:PORT with STARTTLS, or smtps://HOST:PORT." },
	{ "smtp-user", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE, "Sign-in at the mail server; none without it." },
	{ "smtp-password", OPTION_TEXT, NULL, 0, 0, NULL, NULL, TRUE, "Its password." },
	{ "smtp-tls", OPTION_CHOICE, "required", 0, 0, "required|none", NULL, FALSE,
		"Encryption towards the mail server; none is only taken for one on this machine." },
	{ "smtp-ca-file", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"PEM file of the only certificates to trust at the mail server." },
	{ "mail-from", OPTION_TEXT, "termin@localhost", 0, 0, NULL, NULL, FALSE, "Address that mails come from." },
	{ "media-bind", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"Addresses for audio and video, separated by commas; without it that of listen, or every one of the machine." },
	{ "media-address", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"Addresses, separated by commas, that browsers are told instead of the bound ones, for a server behind NAT." },
	{ "media-ice", OPTION_CHOICE, "lite", 0, 0, "lite|full", NULL, FALSE,
		"lite: one UDP port for all, which browsers must reach; full: a port each, for a server that a NAT hides." },
	{ "media-port", OPTION_INTEGER, "10000", 0, 65535, NULL, NULL, FALSE,
		"The one UDP port for audio and video with --media-ice=lite; 0: any that is free." },
	{ "media-ports", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"UDP ports for audio and video as FIRST-LAST with --media-ice=full; without it any." },
	{ "media-workers", OPTION_INTEGER, "0", 0, 64, NULL, "threads", FALSE, "Threads that forward; 0: one a processor." },
	{ "turn-url", OPTION_LIST, NULL, 0, 0, NULL, NULL, FALSE,
		"A relay for browsers whose network lets no UDP out: turn:HOST:PORT?transport=udp, =tcp, or turns:HOST:PORT." },
	{ "turn-secret-file", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"File with the secret shared with the relay (coturn: use-auth-secret, static-auth-secret)." },
	{ "sandbox", OPTION_CHOICE, "full", 0, 0, SANDBOX_CHOICES, NULL, FALSE, SANDBOX_ABOUT },
	{ "log-level", OPTION_CHOICE, "info", 0, 0, "debug|info|warning|error", NULL, FALSE,
		"Events below this level are not written." },
	{ "log-format", OPTION_CHOICE, "text", 0, 0, "text|json", NULL, FALSE, "How events are written." },
	{ 0 },
};

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean refuse(GError **error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, CORE_ERROR, CORE_ERROR_OPTION, text);
	return FALSE;
}

gboolean serve_options_check(const options *options, GError **error)
{
	const char *certificate = options_text(options, "tls-certificate");
	const char *key = options_text(options, "tls-key");
	const char *url = options_text(options, "public-url");
	if ((certificate == NULL) != (key == NULL))
		return refuse(error, "--tls-certificate and --tls-key belong together: give both or none.");
	for (const char **file = (const char *[]){ certificate, key, NULL }; *file != NULL; file++)
		if (access(*file, R_OK) != 0)
			return refuse(error, "%s cannot be read: check the path and its rights.", *file);
	g_auto(GStrv) relays = options_list(options, "turn-url");
	if ((relays[0] == NULL) != (options_text(options, "turn-secret-file") == NULL))
		return refuse(error, "--turn-url and --turn-secret-file belong together: give both or none.");
	for (char **relay = relays; *relay != NULL; relay++)
		if (!g_str_has_prefix(*relay, "turn:") && !g_str_has_prefix(*relay, "turns:"))
			return refuse(error, "--turn-url=%s is no address of a relay: it begins with turn: or turns:.", *relay);
	if (!g_str_has_prefix(url, "http://") && !g_str_has_prefix(url, "https://"))
		return refuse(error,
			"--public-url=%s is no address of pages: it begins with https:// (or http:// on this machine).", url);
	if (g_str_has_suffix(url, "/"))
		return refuse(error, "--public-url=%s shall not end with a slash.", url);
	for (const char **name = (const char *[]){ "listen", "monitor", NULL }; *name != NULL; name++) {
		const char *value = options_text(options, *name);
		if (value != NULL && strrchr(value, ':') == NULL)
			return refuse(error, "--%s wants ADDRESS:PORT, for example 127.0.0.1:8080.", *name);
	}
	g_auto(GStrv) trusted = options_list(options, "trusted-proxy");
	g_autoptr(proxies) parsed = proxies_new(trusted, error);
	return parsed != NULL;
}
