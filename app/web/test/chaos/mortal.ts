/** A database whose tab can be killed at any moment: what has not committed by then never will, and nobody hears of it. */
import type { Engine, Tx } from '../../src/store/engine';
import type { Table } from '../../src/store/tables';

export class Mortal implements Engine {
  private alive = true;

  constructor(private readonly disk: Engine) {}

  get persistence(): 'disk' | 'memory' {
    return this.disk.persistence;
  }

  async run<R>(mode: 'readonly' | 'readwrite', tables: readonly Table[], body: (tx: Tx) => Promise<R>): Promise<R> {
    if (!this.alive) return never();
    try {
      const result = await this.disk.run(mode, tables, (tx) => body(this.guarded(tx)));
      return this.alive ? result : await never<R>();
    } catch (error) {
      if (!this.alive) return never();
      throw error;
    }
  }

  private guarded(tx: Tx): Tx {
    const get = (inside: Tx, name: string | symbol): unknown => {
      // As a promise, like all that a transaction answers: what is asked together fails together.
      if (!this.alive) return () => Promise.reject(new Error('the tab is gone'));
      return Reflect.get(inside, name);
    };
    return new Proxy(tx, { get });
  }

  kill(): void {
    this.alive = false;
    this.disk.close();
  }

  close(): void {
    this.disk.close();
  }
}

/** What a dead page waits for. */
function never<R>(): Promise<R> {
  return new Promise(() => undefined);
}
