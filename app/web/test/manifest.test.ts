import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PATHS } from '../src/paths';
import { sharedFields } from '../src/state/shared';

interface Manifest {
  shortcuts: { url: string; icons: { src: string }[] }[];
  share_target: { action: string; method: string; params: Record<'title' | 'text' | 'url', string> };
}

const folder = new URL('../public/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.webmanifest', folder), 'utf8')) as Manifest;

describe('the manifest', () => {
  test('leads to the pages that the app has, with icons that are there', () => {
    expect(manifest.shortcuts.map(({ url }) => url)).toEqual([PATHS.study, PATHS.newNote]);
    for (const { src } of manifest.shortcuts.flatMap(({ icons }) => icons))
      expect(readFileSync(new URL(src.slice(1), folder)).length).toBeGreaterThan(0);
  });

  test('hands shared text over as the page for a new card reads it', () => {
    const { action, method, params } = manifest.share_target;
    // The service worker takes it there (sw.ts): a share target that takes files must be a POST.
    expect([action, method]).toEqual(['/share', 'POST']);
    const address = new URL(PATHS.newNote, 'https://phone.test');
    address.searchParams.set(params.text, '初次见面说“久仰”');
    address.searchParams.set(params.url, 'https://example.org/a');
    expect(sharedFields(Object.fromEntries(address.searchParams))).toEqual({
      front: '初次见面说“久仰”',
      note: 'https://example.org/a',
    });
  });
});

describe('shared text', () => {
  test.each([
    [{}, {}],
    [{ text: '  ' }, {}],
    [{ title: '礼仪' }, { front: '礼仪' }],
    [{ title: '礼仪', text: '久仰' }, { front: '久仰' }],
    [
      { title: '礼仪', text: 'https://example.org/a' },
      { front: '礼仪', note: 'https://example.org/a' },
    ],
    [{ text: 'https://example.org/a' }, { front: 'https://example.org/a' }],
    [{ text: 'see https://example.org/a', url: 'https://example.org/a' }, { front: 'see https://example.org/a' }],
  ])('%j fills %j', (shared, fields) => {
    expect(sharedFields(shared as Record<string, string>)).toEqual(fields);
  });
});
