// The keys of the study page.
import { type PlainKey, t } from '../words';
import { Sheet } from './sheet';

const KEYS: readonly (readonly [keys: string, does: PlainKey])[] = [
  ['1 2 3 4', 'keyRate'],
  ['U Z', 'keyUndo'],
  ['E', 'editCard'],
  ['R', 'readAloud'],
  ['?', 'keys'],
  ['Esc', 'close'],
];

export function KeySheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={t('keys')} onClose={onClose}>
      <dl class="rows">
        <Row keys={`${t('keySpace')} Enter`} does="keyShow" />
        {KEYS.map(([keys, does]) => (
          <Row keys={keys} does={does} key={does} />
        ))}
      </dl>
    </Sheet>
  );
}

function Row({ keys, does }: { keys: string; does: PlainKey }) {
  return (
    <div class="row">
      <dt class="grow">{t(does)}</dt>
      <dd>
        {keys.split(' ').map((key) => (
          <kbd key={key}> {key} </kbd>
        ))}
      </dd>
    </div>
  );
}
