/** What the device knows of itself, read and written inside the transaction that it belongs to. */
import type { Json } from '../wire';
import type { Tx } from './engine';
import type { DeviceState, MetaRecord } from './tables';

export function firstState(id: string): DeviceState {
  return {
    id,
    counter: 0,
    // The sum over no card.
    digest: [0, 0],
    cursor: 0,
    clock_offset_ms: 0,
    synced_at: null,
    generation: 0,
    refetching: false,
    refetched_for: null,
  };
}

export async function readDevice(tx: Tx): Promise<DeviceState | null> {
  return ((await tx.get('meta', 'device'))?.value as DeviceState | undefined) ?? null;
}

export function writeDevice(tx: Tx, device: DeviceState): Promise<void> {
  return tx.put('meta', { name: 'device', value: device });
}

/** Names of what the pages keep by `remember`, and among them those of drafts. */
export const UI = 'ui:';
export const UNSAVED = 'draft:';

export function draftsIn(tx: Tx): Promise<MetaRecord[]> {
  return tx.rows('meta', { range: { from: UI + UNSAVED, to: `${UI}${UNSAVED}\uffff` } });
}

export async function readMeta<T extends Json>(tx: Tx, name: string): Promise<T | null> {
  return ((await tx.get('meta', name))?.value as T | undefined) ?? null;
}

/** Null is the same as nothing. */
export function writeMeta(tx: Tx, name: string, value: Json): Promise<void> {
  return value === null ? tx.delete('meta', name) : tx.put('meta', { name, value });
}
