import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takeIn } from '../src/share_target';
import { takeShared } from '../src/state/shared_file';

const HERE = 'https://phone.test';

/** As much of the cache as sharing needs. */
function cacheOfOne() {
  const kept = new Map<string, Response>();
  return {
    open: async () => ({
      put: async (at: string, response: Response) => void kept.set(at, response),
      match: async (at: string) => kept.get(at)?.clone(),
      delete: async (at: string) => kept.delete(at),
    }),
  };
}

beforeEach(() => vi.stubGlobal('caches', cacheOfOne()));
afterEach(() => vi.unstubAllGlobals());

async function share(parts: Readonly<Record<string, string | File>>): Promise<string> {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) body.set(name, part);
  const answer = await takeIn(new Request(`${HERE}/share`, { method: 'POST', body }), HERE);
  expect(answer.status).toBe(303);
  return answer.headers.get('Location') ?? '';
}

test('a file goes to the page of imports, whole, under its own name, once', async () => {
  const bytes = new Uint8Array([80, 75, 3, 4, 0, 255]);
  const file = new File([bytes], '日语 第1课.apkg', { type: 'application/octet-stream' });
  expect(await share({ title: '日语', file })).toBe(`${HERE}/import?shared=1`);
  const taken = await takeShared();
  expect(taken?.name).toBe('日语 第1课.apkg');
  expect(new Uint8Array((await taken?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(bytes);
  expect(await takeShared()).toBeNull();
});

test('of two files shared one after the other the later one waits', async () => {
  for (const name of ['一.csv', '二.csv']) await share({ file: new File(['a,b'], name, { type: 'text/csv' }) });
  expect((await takeShared())?.name).toBe('二.csv');
});

test('words go to a new card; an empty file is none', async () => {
  const words = { title: '礼仪', text: '初次见面说“久仰”', url: 'https://example.org/a?b=1&c' };
  const address = new URL(await share({ ...words, file: new File([], 'empty') }));
  expect(address.pathname).toBe('/notes/new');
  expect(Object.fromEntries(address.searchParams)).toEqual(words);
  expect(await takeShared()).toBeNull();
});

test('who shares nothing, or what is no form, begins at the first page', async () => {
  expect(await share({})).toBe(`${HERE}/`);
  const broken = new Request(`${HERE}/share`, { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } });
  expect((await takeIn(broken, HERE)).headers.get('Location')).toBe(`${HERE}/`);
});
