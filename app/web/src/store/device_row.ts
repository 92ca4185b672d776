/** The device's row while a transaction changes cards: it numbers what is made and keeps the digest true to the cards. */
import { cardDigest, minus, plus } from '../digest';
import type { CardRow, LearnerRow } from '../wire';
import { readDevice, writeDevice } from './device';
import type { Tx } from './engine';
import { type CardRecord, type DeviceState, indexed } from './tables';

/** One transaction's hold of the device row: numbers what is made and keeps the digest true to the cards. */
export class Device {
  private constructor(
    private readonly tx: Tx,
    readonly state: DeviceState,
  ) {}

  static async in(tx: Tx): Promise<Device> {
    const state = await readDevice(tx);
    if (!state) throw new Error('the database has no device row');
    return new Device(tx, state);
  }

  /** The next number of this device. */
  next(): number {
    this.state.counter += 1;
    return this.state.counter;
  }

  async putCard(old: CardRow | undefined, card: CardRecord): Promise<void> {
    if (old) this.state.digest = minus(this.state.digest, cardDigest(old));
    this.state.digest = plus(this.state.digest, cardDigest(card));
    await this.tx.put('cards', indexed(card));
  }

  async deleteCard(card: CardRow): Promise<void> {
    this.state.digest = minus(this.state.digest, cardDigest(card));
    await this.tx.delete('cards', card.id);
  }

  /** Writes the row back; the last thing that a transaction does. */
  save(): Promise<void> {
    return writeDevice(this.tx, this.state);
  }
}

export function putLearner(tx: Tx, learner: LearnerRow): Promise<void> {
  return tx.put('meta', { name: 'learner', value: { ...learner, settings: { ...learner.settings } } });
}

/** From here on everything is fetched anew, beside what is here. */
export function startOver(device: Device, digest: string | null): void {
  const { state } = device;
  Object.assign(state, { cursor: 0, refetching: true, generation: state.generation + 1, refetched_for: digest });
}
