/** A picture on its way into a card: made small, without what the camera wrote beside it, and kept on this device. */
import { sha256 } from './sha256';
import type { Engine } from './store/engine';
import { keepMedia } from './store/media';

export const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

/** The file is nothing that this browser shows as a picture. */
export class NoPicture extends Error {}

/** The size of a picture whose longest side is at most `longest`; never larger than it was. */
export function fitted(width: number, height: number, longest = LONGEST_SIDE): [width: number, height: number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Keeps the picture and gives its hash: the card can show it from now on. Throws NoPicture and StorageError. */
export async function takePicture(engine: Engine, file: Blob, at: number): Promise<string> {
  const picture = await reencoded(file);
  const bytes = await picture.arrayBuffer();
  const hash = sha256(new Uint8Array(bytes));
  await keepMedia(engine, { hash, type: picture.type, bytes, sent: false, at });
  return hash;
}

/** Drawn anew: what a camera adds (place, time, device) is not drawn, and the picture stands as it was meant. */
async function reencoded(file: Blob): Promise<Blob> {
  const drawn = await createImageBitmap(file).catch(() => {
    throw new NoPicture();
  });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = fitted(drawn.width, drawn.height);
  const pen = canvas.getContext('2d');
  if (!pen) throw new NoPicture();
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const small = await encoded(canvas, 'image/webp');
  if (small?.type === 'image/webp') return small;
  // A browser that cannot write WebP; JPEG has nothing to see through, so what was clear becomes paper.
  pen.globalCompositeOperation = 'destination-over';
  pen.fillStyle = 'white';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const jpeg = await encoded(canvas, 'image/jpeg');
  if (!jpeg) throw new NoPicture();
  return jpeg;
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise((done) => canvas.toBlob(done, type, QUALITY));
}
