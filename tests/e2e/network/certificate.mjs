// SPDX-License-Identifier: EUPL-1.2
// A certificate made by ourselves for an address.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export function makeCertificate(folder, name, address) {
	const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
	const made = spawnSync(
		'openssl',
		['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=IP:${address}`, '-keyout', key, '-out', certificate],
		{ encoding: 'utf8' },
	);
	if (made.status !== 0) throw new Error(made.stderr);
	return { certificate, key };
}
