/** The way from one phone to the service: its cookie, its origin, and a note of every id that the service acknowledged. */
import type { SyncAnswer } from '../../src/wire';

export class Line {
  readonly acked = new Set<string>();
  /** The service's digest as heard last. */
  heard: string | null = null;
  private cookie = '';

  constructor(private readonly address: string) {}

  async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), Origin: this.address, Cookie: this.cookie };
    const answer = await fetch(this.address + path, { ...init, headers });
    const [given] = answer.headers.getSetCookie();
    if (given) this.cookie = given.split(';')[0] ?? '';
    const text = await answer.text();
    if (answer.ok && path === '/api/sync') this.note(JSON.parse(text) as SyncAnswer);
    return new Response(answer.status === 204 ? null : text, { status: answer.status, headers: answer.headers });
  }

  private note({ acked, digest }: SyncAnswer): void {
    for (const id of acked) this.acked.add(id);
    this.heard = digest ?? this.heard;
  }

  /** A request outside sync; throws for any answer but a good one. */
  async ask<T>(path: string, body: object): Promise<T> {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await this.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
