import { expect, test } from 'vitest';
import { newId } from '../src/ids';

test('an id is a UUIDv7 of its instant', () => {
  const id = newId(0x0190_1234_5678, (length) => new Uint8Array(length).fill(0xff));
  expect(id).toBe('01901234-5678-7fff-bfff-ffffffffffff');
  expect(newId(0x0190_1234_5678, (length) => new Uint8Array(length))).toBe('01901234-5678-7000-8000-000000000000');
  expect(newId(1, (length) => new Uint8Array(length)).slice(0, 13)).toBe('00000000-0001');
  expect(newId(Date.now()) < newId(Date.now() + 1)).toBe(true);
});
