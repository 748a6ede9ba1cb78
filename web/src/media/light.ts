/* SPDX-License-Identifier: EUPL-1.2 */
/* How bright the own picture is, measured on this device. */

/* Below it a face or a document is hard to make out; a face before a window has about 50. */
export const DARK = 60;

const WIDTH = 32;
const HEIGHT = 18;
const EVERY_MS = 2_000;

/* Mean luma of RGBA pixels, 0 to 255 (ITU-R BT.601). */
export function meanLight(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 4) sum += 0.299 * pixels[i]! + 0.587 * pixels[i + 1]! + 0.114 * pixels[i + 2]!;
  return pixels.length ? Math.round((sum * 4) / pixels.length) : 0;
}

/* Calls back with the light of the stream every two seconds, until the returned function is called. The stream must be switched on:
 * what is switched off is black. */
export function watchLight(stream: MediaStream, onLight: (light: number) => void): () => void {
  const video = document.createElement("video");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(video, { muted: true, playsInline: true, srcObject: stream });
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  void video.play()?.catch(() => undefined); /* measured when it plays */
  const timer = setInterval(() => {
    if (!pen || video.readyState < video.HAVE_CURRENT_DATA) return;
    pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    onLight(meanLight(pen.getImageData(0, 0, WIDTH, HEIGHT).data));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    video.srcObject = null;
  };
}
