// SPDX-License-Identifier: EUPL-1.2
// Three machines on this one: the server, which is this process and its children (started by network/run); a phone with two
// ways into the internet, as over Wi-Fi and over the mobile network; and between them a router.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SERVER = '10.80.0.1';
export const RELAY = '10.80.0.2';
const ROUTER = '10.80.0.254';
export const WIFI = { name: 'wifi', near: '10.81.0.2', far: '10.81.0.1', metric: 10 };
export const MOBILE = { name: 'mobile', near: '10.82.0.2', far: '10.82.0.1', metric: 20 };

function ip(...words) {
	const { status, stderr } = spawnSync('ip', words.flatMap((word) => word.split(' ')), { encoding: 'utf8', input: '1' });
	if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
}

export function makeNetwork() {
	// What an earlier file of the same run made.
	for (const name of ['router', 'phone']) spawnSync('ip', ['netns', 'delete', name]);
	spawnSync('ip', ['link', 'delete', 'eth0']);
	ip('netns add router');
	ip('netns add phone');
	ip('link set lo up');
	ip('-n phone link set lo up');
	ip('netns exec router tee /proc/sys/net/ipv4/ip_forward');
	ip('link add eth0 type veth peer name server netns router');
	for (const address of [SERVER, RELAY]) ip('address add', `${address}/24`, 'dev eth0');
	ip('link set eth0 up');
	ip('-n router address add', `${ROUTER}/24`, 'dev server');
	ip('-n router link set server up');
	ip('route add default via', ROUTER);
	for (const { name, far } of [WIFI, MOBILE]) {
		ip('-n router link add', name, 'type veth peer name', name, 'netns phone');
		ip('-n router address add', `${far}/24`, 'dev', name);
		ip('-n router link set', name, 'up');
	}
}

export function connect({ name, near, far, metric }) {
	ip('-n phone address add', `${near}/24`, 'dev', name);
	ip('-n phone link set', name, 'up');
	ip('-n phone route add default via', far, 'metric', `${metric}`);
}

// As when a phone leaves the house: the address is gone with the network.
export function disconnect({ name }) {
	ip('-n phone address flush dev', name);
	ip('-n phone link set', name, 'down');
}

// Silence without any notice: packets are lost, the link looks well.
export function silence({ name }) {
	ip('-n router link set', name, 'down');
}

// A program to give to openBrowser(), which runs Chromium on the phone.
export function phoneBrowser(folder) {
	const path = join(folder, 'chromium-on-phone');
	writeFileSync(path, `#!/bin/sh\nexec ip netns exec phone ${process.env.CHROMIUM ?? '/usr/bin/chromium'} "$@"\n`, { mode: 0o755 });
	return path;
}
