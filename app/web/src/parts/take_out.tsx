import { useState } from 'preact/hooks';
import { downloadFrom } from '../state/server';
import { t } from '../words';
import { useServerAct } from './asked';
import { SelectRow } from './fields';
import { FailedToReach } from './states';

const FORMATS = ['apkg', 'apkg-legacy', 'csv', 'anki-text', 'markdown'] as const;
type Format = (typeof FORMATS)[number];
const WORDS = {
  apkg: 'asAnki',
  'apkg-legacy': 'asOlderAnki',
  csv: 'asCsv',
  'anki-text': 'asAnkiText',
  markdown: 'asDeckFile',
} as const;
const ENDINGS: Record<Format, string> = {
  apkg: 'apkg',
  'apkg-legacy': 'apkg',
  csv: 'csv',
  'anki-text': 'txt',
  markdown: 'md',
};

/** Takes one deck with those below it, or all decks, out as a file of some kind. */
export function TakeOut({ deck }: { deck?: { id: string; name: string; below: boolean } }) {
  const [format, setFormat] = useState<Format>('apkg');
  const { busy, failed, act } = useServerAct();
  const save = () => {
    const several = format === 'markdown' && (deck?.below ?? true);
    const name = `${deck?.name.replaceAll('::', '-') ?? 'wengu'}.${several ? 'zip' : ENDINGS[format]}`;
    const chosen = deck ? `&deck_id=${deck.id}` : '';
    return act(() => downloadFrom(`/api/exports?format=${format}${chosen}`, name));
  };
  const choices = FORMATS.map((one) => [one, t(WORDS[one])] as const);
  return (
    <section aria-labelledby="take-out">
      <h2 id="take-out">{t('takeOut')}</h2>
      <div class="rows">
        <SelectRow label={t('takeOutAs')} value={format} choices={choices} onChange={setFormat} />
      </div>
      <button type="button" class="button" aria-disabled={busy} onClick={() => !busy && void save()}>
        {t('saveFile')}
      </button>
      {failed && <FailedToReach problem={failed.problem} onRetry={() => void save()} />}
    </section>
  );
}
