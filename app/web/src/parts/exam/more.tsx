// What few learners need: minutes by weekday, days off, weights, a target, days kept free.
import { useState } from 'preact/hooks';
import { asksFor, markOf } from '../../exam/scope';
import { changeExam, type Deck, type Shelf } from '../../state/exams';
import type { ExamRow, SectionMark } from '../../wire';
import { percent, t } from '../../words';
import { NumberRow, SelectRow } from '../fields';
import { dayOfField, deckName, fieldOfDay, longDate, weekdayWord } from './numbers';

export function More({ exam, shelf }: { exam: ExamRow; shelf: Shelf }) {
  return (
    <details>
      <summary class="fold">{t('more')}</summary>
      <div class="stack">
        <Weekdays exam={exam} />
        <DaysOff exam={exam} today={shelf.today} />
        <Weights exam={exam} decks={shelf.decks.filter(({ id }) => asksFor(exam, id))} />
        <section class="rows">
          <Target exam={exam} />
          <NumberRow
            label={t('examBuffer')}
            hint={t('examBufferHint')}
            value={exam.buffer_days}
            least={0}
            most={7}
            onChange={(buffer_days) => void changeExam(exam.id, { buffer_days })}
          />
        </section>
      </div>
    </details>
  );
}

function Weekdays({ exam }: { exam: ExamRow }) {
  const [wrong, setWrong] = useState(false);
  const take = (weekday: number, minutes: number) => {
    const next = exam.minutes.map((each, place) => (place === weekday ? minutes : each));
    const isNone = next.every((each) => each === 0);
    setWrong(isNone);
    if (!isNone) void changeExam(exam.id, { minutes: next });
  };
  return (
    <section>
      <h2>{t('examByWeekday')}</h2>
      {wrong && (
        <p class="wrong small" role="alert">
          {t('examFaultNoMinutes')}
        </p>
      )}
      <div class="rows">
        {exam.minutes.map((minutes, weekday) => (
          <NumberRow
            key={weekday}
            label={weekdayWord(weekday)}
            value={minutes}
            least={0}
            most={600}
            onChange={(each) => take(weekday, each)}
          />
        ))}
      </div>
    </section>
  );
}

function DaysOff({ exam, today }: { exam: ExamRow; today: number }) {
  const [typed, setTyped] = useState('');
  const day = dayOfField(typed);
  const ahead = exam.days_off.filter((each) => each >= today).sort((a, b) => a - b);
  const isPossible = day !== null && day >= today && day <= exam.day && !ahead.includes(day);
  const add = () => {
    if (!isPossible) return;
    void changeExam(exam.id, { days_off: [...ahead, day].sort((a, b) => a - b) });
    setTyped('');
  };
  return (
    <section>
      <h2>{t('examDaysOff')}</h2>
      {ahead.length > 0 && (
        <ul class="rows">
          {ahead.map((each) => (
            <li key={each} class="row">
              <span class="grow">{longDate(each)}</span>
              <button
                type="button"
                class="button plain"
                aria-label={t('examDayOffRemove', { date: longDate(each) })}
                onClick={() => void changeExam(exam.id, { days_off: ahead.filter((other) => other !== each) })}
              >
                {t('examTakeAway')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="add-day">
        <div class="field">
          <label for="exam-day-off">{t('examDayOffAdd')}</label>
          <input
            id="exam-day-off"
            type="date"
            min={fieldOfDay(today)}
            max={fieldOfDay(exam.day)}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button type="button" class="button" aria-disabled={!isPossible} onClick={add}>
          {t('examAdd')}
        </button>
      </div>
    </section>
  );
}

/** "Negotiation is 20 % of the points." */
function Weights({ exam, decks }: { exam: ExamRow; decks: readonly Deck[] }) {
  const [wrong, setWrong] = useState(false);
  const shareOf = (key: string) => Math.round(100 * (markOf(exam, key).share ?? 0));
  const take = (key: string, whole: number) => {
    const others = decks.filter(({ id }) => id !== key).reduce((sum, { id }) => sum + shareOf(id), 0);
    setWrong(others + whole > 100);
    if (others + whole > 100) return;
    const mark: SectionMark = { ...markOf(exam, key), share: whole === 0 ? null : whole / 100 };
    const isPlain = mark.share === null && !mark.pinned && !mark.dropped;
    void changeExam(exam.id, { sections: { [key]: isPlain ? null : mark } });
  };
  if (decks.length < 2) return null;
  return (
    <section>
      <h2>{t('examWeights')}</h2>
      <p class="muted note">{t('examWeightsHint')}</p>
      {wrong && (
        <p class="wrong small" role="alert">
          {t('examFaultShares')}
        </p>
      )}
      <div class="rows">
        {decks.map(({ id, name }) => (
          <NumberRow
            key={`${id} ${shareOf(id)}`}
            label={deckName(name)}
            value={shareOf(id)}
            least={0}
            most={100}
            onChange={(whole) => take(id, whole)}
          />
        ))}
      </div>
    </section>
  );
}

const TARGETS = ['none', '0.7', '0.8', '0.9', '0.95'] as const;

function Target({ exam }: { exam: ExamRow }) {
  const value = TARGETS.find((each) => Number(each) === exam.target) ?? 'none';
  return (
    <SelectRow
      label={t('examTarget')}
      hint={t('examTargetHint')}
      value={value}
      choices={TARGETS.map((each) => [each, each === 'none' ? t('examNone') : percent(Number(each))])}
      onChange={(each) => void changeExam(exam.id, { target: each === 'none' ? null : Number(each) })}
    />
  );
}
