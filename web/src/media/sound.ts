/* SPDX-License-Identifier: EUPL-1.2 */
/* Sounds made by the browser itself, and how loud a microphone is. */
let context: AudioContext | null = null;

/* Browsers allow sound only after a click: call this in one. */
export function readySound(): AudioContext {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
  return context;
}

function play(frequencies: number[], seconds: number): void {
  const audio = readySound();
  const start = audio.currentTime + 0.05;
  frequencies.forEach((frequency, i) => {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const at = start + i * seconds * 0.6;
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.2, at + 0.04);
    gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + seconds);
  });
}

export function playTestTone(): void {
  play([523, 659, 784], 0.8);
}

/* "It is your turn": a friendly sound, and a vibration where there is one. */
export function announceTurn(): void {
  play([659, 880, 659, 880], 0.5);
  navigator.vibrate?.([300, 150, 300]);
}

/* Calls back with the loudness 0…1 of the stream, ten times a second, until the returned function is called. */
export function watchLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const audio = readySound();
  const source = audio.createMediaStreamSource(stream);
  const analyser = audio.createAnalyser();
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const decibel = 10 * Math.log10(power + 1e-9);
    onLevel(Math.min(1, Math.max(0, (decibel + 60) / 50)));
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
