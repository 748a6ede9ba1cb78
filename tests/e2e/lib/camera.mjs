// SPDX-License-Identifier: EUPL-1.2
// Files for Chromium's fake devices: a person who holds up the back of the specimen card, and speaks.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { jawort } from './installation.mjs';

function run(program, ...command) {
	const { status, stderr, error } = spawnSync(program, command, { encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr ?? error);
}

function film(folder, person) {
	const file = join(folder, `${person.given}.y4m`);
	run(jawort, 'specimen', '--scene=back', '--seconds=1', `--out=${file}`, `--given-names=${person.given}`, `--family-name=${person.family}`,
		`--birth-date=${person.birth}`, `--document-number=${person.number}`, `--issue-date=${person.issued}`);
	return file;
}

export function makeDevices(folder, person) {
	const microphone = join(folder, `${person.given}.wav`);
	run('espeak-ng', '-v', 'de', '-w', microphone, `Guten Tag, ich bin ${person.given}. Ich bin mit der Aufzeichnung einverstanden.`);
	return { camera: film(folder, person), microphone };
}

// Somebody else sits down in front of the camera: all films have the same length, and Chromium reads each picture anew.
export function show(camera, folder, person) {
	const file = openSync(camera, 'r+');
	writeSync(file, readFileSync(film(folder, person)));
	closeSync(file);
}
