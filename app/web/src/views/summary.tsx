import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Banners } from '../parts/banners';
import { Bar } from '../parts/bar';
import { UndoButton } from '../parts/dock';
import { daysTold } from '../state/days';
import { store, today, useStored } from '../state/device';
import { useKeys } from '../state/keys';
import type { Session } from '../state/session';
import { knownStreak, wholeStreak } from '../state/streak';
import type { DaySummary } from '../store';
import type { Streak } from '../streak';
import { percent, t } from '../words';
import { clock, dayFrom, spent } from '../words/time';

/** The end of a sitting: what was done, what comes next; undo still works, and ten more are one tap away. */
export function Summary({ session }: { session: Session }) {
  const stored = useStored((device) => device.summary(today.peek()), ['cards'], [daysTold.value]);
  const act = session.lastAct.value;
  const undo = () => void session.undo();
  useKeys({ z: undo, u: undo });
  const done = stored.state === 'ready' ? stored.value : null;
  return (
    <>
      <Banners update />
      <Bar title={done?.answers ? t('wellDone') : t('nothingDue')} back="/" replaces />
      <main class="page stack" id="main">
        {done && done.answers > 0 && <Figures done={done} />}
        <StreakLine />
        <NextLearning session={session} />
        <div class="actions fill">
          <MoreButton session={session} />
          <a class="button" href="/">
            {t('toHome')}
          </a>
        </div>
        <a class="button plain" href="/me/stats">
          {t('toStatistics')}
        </a>
        {act && (
          <div class="actions">
            <UndoButton act={act} onUndo={undo} />
          </div>
        )}
      </main>
    </>
  );
}

function Figures({ done }: { done: DaySummary }) {
  const { answers, duration_ms, recalled, reviewed, next_due } = done;
  const figures: [string, string][] = [
    [t('answersDone'), t('timesCount', { n: answers })],
    [t('timeSpent'), spent(duration_ms)],
  ];
  if (reviewed > 0) {
    const share = percent(recalled / reviewed);
    figures.push([t('recall'), t('recallOf', { share, right: recalled, all: reviewed })]);
  }
  if (next_due) {
    const day = dayFrom(done.day, next_due.day);
    figures.push([t('nextDue'), t('nextDueLoad', { day, n: next_due.cards })]);
  }
  return (
    <dl class="figures">
      {figures.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function NextLearning({ session }: { session: Session }) {
  const at = session.nextAt.value;
  if (at === null) return null;
  return <p class="muted">{t('waiting', { time: clock(at + Date.now() - store().now()) })}</p>;
}

const WORTH_SAYING = 2;

/** Days in a row, said only when there is something to be glad of: nobody is told what they have lost. */
function StreakLine() {
  const [known, setKnown] = useState<Streak | null>(null);
  useEffect(() => {
    let current = true;
    const take = (streak: Streak) => {
      if (current) setKnown(streak);
    };
    // Without the server the days of this device stand.
    void knownStreak()
      .then(take)
      .then(wholeStreak)
      .then(take, () => undefined);
    return () => {
      current = false;
    };
  }, []);
  if (!known?.today || known.days < WORTH_SAYING) return null;
  return (
    <p>
      {t('streakDays', { n: known.days })} <span class="muted">{known.freezes === 0 && t('streakForgiven')}</span>
    </p>
  );
}

const MORE = 10;

/** More of today when the sitting was cut short, else ten new cards beyond the day's limit. */
function MoreButton({ session }: { session: Session }) {
  const nothing = useSignal(false);
  const left = session.left.value;
  if (left.new + left.review > 0) {
    return (
      <button type="button" class="button main" onClick={() => void session.goOn()}>
        {t('goOn')}
      </button>
    );
  }
  const more = async () => {
    await session.rebuild(MORE);
    nothing.value = session.phase.peek() === 'done';
  };
  if (nothing.value) return <p role="status">{t('nothingMore')}</p>;
  return (
    <button type="button" class="button main" onClick={() => void more()}>
      {t('tenMore')}
    </button>
  );
}
