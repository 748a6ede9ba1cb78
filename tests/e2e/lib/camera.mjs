// SPDX-License-Identifier: EUPL-1.2
// Files for Chromium's fake devices: a person who holds up the back of the specimen card, and speaks.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { jawort } from './installation.mjs';

function shell(script, ...values) {
	const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script, 'make', ...values], { encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
}

export function makeDevices(folder, person) {
	const camera = join(folder, `${person.given}.mjpeg`);
	const microphone = join(folder, `${person.given}.wav`);
	shell(
		'"$1" specimen --scene=back --seconds=2 --out=- --given-names="$2" --family-name="$3" --birth-date="$4" --document-number="$5" --issue-date="$6" | ffmpeg -v error -y -i - -c:v mjpeg -q:v 3 "$7"',
		jawort, person.given, person.family, person.birth, person.number, person.issued, camera,
	);
	shell('espeak-ng -v de -w "$2" "Guten Tag, ich bin $1. Ich bin mit der Aufzeichnung einverstanden."', person.given, microphone);
	return { camera, microphone };
}
