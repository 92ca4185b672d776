/** All phones of a run, told what to do line by line: `{"reach": 0.25}`, `{"drain": true}`. Each answer is one line too. */
import 'fake-indexeddb/auto';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LearnerRow } from '../../src/wire';
import { Phone } from './phone';
import type { Plan } from './plan';

const ZONES = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Auckland'];

/** A learner begins on one phone, and the others join. */
async function learner(plan: Plan, number: number): Promise<Phone[]> {
  const zone = ZONES[number % ZONES.length] ?? 'UTC';
  const phones = Array.from({ length: plan.phones }, (_, place) => {
    const name = `phone-${number}-${place}`;
    return new Phone(name, plan, zone, plan.seed * 1_000_003 + number * 101 + place * 7);
  });
  const [first, ...others] = phones;
  if (!first) return [];
  await first.open();
  await first.makeDeck();
  await first.drain();
  for (const phone of others) {
    await phone.open();
    const { code } = await first.line.ask<{ code: string }>('/api/devices/join-code', {});
    const body = { code, device_id: phone.store.deviceId };
    const { learner } = await phone.line.ask<{ learner: LearnerRow }>('/api/session/join', body);
    await phone.store.adopt(learner);
    await phone.drain();
  }
  return phones;
}

async function main(plan: Plan): Promise<void> {
  const phones: Phone[] = [];
  for (let number = 0; number < plan.learners; number += 1) phones.push(...(await learner(plan, number)));
  const all = (task: (phone: Phone) => Promise<void>) => Promise.all(phones.map(task));
  say('begun');
  for await (const text of createInterface({ input: process.stdin })) {
    const order = JSON.parse(text) as { reach?: number; drain?: boolean };
    if (order.reach !== undefined) await all((phone) => phone.reach(Math.round(plan.acts * (order.reach ?? 0))));
    if (!order.drain) {
      say('reached');
      continue;
    }
    // Twice: what the last phone sends, the others fetch only afterwards.
    await all((phone) => phone.drain());
    await all((phone) => phone.drain());
    writeFileSync(plan.report, JSON.stringify(await Promise.all(phones.map((phone) => phone.report()))));
    for (const phone of phones) phone.stop();
    say('drained');
    process.exit(0);
  }
}

function say(word: string): void {
  process.stdout.write(`${word}\n`);
}

await main(JSON.parse(process.argv[2] ?? '{}') as Plan);
