// Where a picture or sound is shown from: this device when it is here, else the server.
import { store } from '../state/device';
import { mediaHere } from '../store/media';

const MOST_OPEN = 60;
/** Addresses of files on this device, the one asked for longest ago first. */
const open = new Map<string, string>();

/** An address that shows the file of this hash. */
export async function addressOf(hash: string): Promise<string> {
  const known = open.get(hash);
  if (known) {
    open.delete(hash);
    open.set(hash, known);
    return known;
  }
  const kept = await mediaHere(store().engine, hash).catch(() => null);
  if (!kept) return `/api/media/${hash}`;
  const address = open.get(hash) ?? URL.createObjectURL(kept);
  open.set(hash, address);
  close();
  return address;
}

/** Gives back what nobody has asked for since; what stands on the screen stays there. */
function close(): void {
  for (const [hash, address] of open) {
    if (open.size <= MOST_OPEN) return;
    URL.revokeObjectURL(address);
    open.delete(hash);
  }
}
