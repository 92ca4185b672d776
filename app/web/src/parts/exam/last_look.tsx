// A last look at the weakest cards: both sides, nothing to rate.
import { useState } from 'preact/hooks';
import { plain } from '../../plain';
import { useStored } from '../../state/device';
import { weakCards } from '../../state/exams';
import type { CardView, Store } from '../../store';
import type { ExamRow } from '../../wire';
import { t } from '../../words';
import { tongueOf } from '../text';

const MOST = 20;

async function weakViews(from: Store, exam: ExamRow): Promise<CardView[]> {
  const ids = await weakCards(from, exam, MOST);
  const views = await Promise.all(ids.map((id) => from.view(id)));
  return views.filter((view) => view !== null);
}

export function LastLook({ exam }: { exam: ExamRow }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="fold">{t('examLastLook')}</summary>
      {open && <Weak exam={exam} />}
    </details>
  );
}

function Weak({ exam }: { exam: ExamRow }) {
  const stored = useStored((from) => weakViews(from, exam), [], [exam.id]);
  const views = stored.state === 'ready' ? stored.value : [];
  if (stored.state === 'ready' && views.length === 0) return <p class="note">{t('examNothingSeen')}</p>;
  return (
    <dl class="rows">
      {views.map(({ card, note, front, back }) => (
        <div key={card.id} class="row last-look">
          <dt lang={tongueOf(front)}>{plain(front, note.format)}</dt>
          <dd lang={tongueOf(back)}>{plain(back, note.format)}</dd>
        </div>
      ))}
    </dl>
  );
}
