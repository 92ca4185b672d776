/**
 * One phone, told what to do line by line; each answer is one line too. Orders (one a line, JSON):
 * {"open": {"address", "zone", "seed", "now"}} · {"now": ms} · {"online": bool} · {"sync": true} · {"deck": {"name", "notes": [[front, back]]}} ·
 * {"exam": {name, day, minutes, …}} · {"begin": true} · {"answer": {"card", "rating", "seconds"}} · {"more": minutes} · {"undo": true} ·
 * {"plans": true} · {"stop": true}
 */
import 'fake-indexeddb/auto';
import { createInterface } from 'node:readline';
import { type Opening, Phone } from './phone';

type Order = { open: Opening } | Record<string, unknown>;

async function done(phone: Phone | null, order: Order): Promise<[Phone | null, unknown]> {
  if ('open' in order) {
    const opened = new Phone(order.open as Opening);
    return [opened, await opened.open()];
  }
  if (!phone) throw new Error('no phone is open');
  return [phone, await phone.obey(order)];
}

let phone: Phone | null = null;
for await (const text of createInterface({ input: process.stdin })) {
  const order = JSON.parse(text) as Order;
  if ('stop' in order) break;
  try {
    const [opened, answer] = await done(phone, order);
    phone = opened;
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error instanceof Error ? error.stack : error) })}\n`);
  }
}
phone?.stop();
process.exit(0);
