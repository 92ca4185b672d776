// Reminders by the phone's own calendar: they come without a network, and nobody has to be told when one studies.
import { useState } from 'preact/hooks';
import { calendarFile } from '../calendar_file';
import { runningOf } from '../exam/scope';
import { store } from '../state/device';
import { download } from '../state/server';
import { liveExams } from '../store/exams';
import { t } from '../words';
import { say } from './toast';

const EVENING = '20:00';

export function Reminder() {
  const [time, setTime] = useState(EVENING);
  const save = async () => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    const today = store().today();
    const exams = runningOf(await store().engine.run('readonly', ['exams'], liveExams), today);
    const file = calendarFile(
      {
        first: today,
        time: 60 * hours + minutes,
        words: t('reminderWords'),
        url: `${location.origin}/study`,
        exams: exams.map(({ id, day, time, name }) => ({ id, day, time, words: t('reminderExam', { name }) })),
      },
      Date.now(),
    );
    download('wengu.ics', new Blob([file], { type: 'text/calendar' }));
    say(t('reminderSaved'));
  };
  return (
    <section aria-labelledby="reminder">
      <h2 id="reminder">{t('reminder')}</h2>
      <div class="rows">
        <div class="row wrap">
          <label class="grow" for="reminder-time">
            {t('reminderTime')}
          </label>
          <input
            id="reminder-time"
            type="time"
            required
            value={time}
            onChange={(event) => setTime(event.currentTarget.value || EVENING)}
          />
        </div>
      </div>
      <button type="button" class="button" onClick={() => void save()}>
        {t('reminderSave')}
      </button>
      <p class="muted note">{t('reminderHint')}</p>
    </section>
  );
}
