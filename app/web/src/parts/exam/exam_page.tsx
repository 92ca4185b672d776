import '../../style/exam.css';
// Everything about one exam: how long, how well, what today, which parts, and what will not fit.
import { minutesOf } from '../../exam/scope';
import { useStored } from '../../state/device';
import { isStale, type Shelf, sectionsStanding, useStanding } from '../../state/exams';
import type { ExamPlanRow, ExamRow } from '../../wire';
import { t } from '../../words';
import { dayFrom } from '../../words/time';
import { Banners } from '../banners';
import { Bar } from '../bar';
import { Icon } from '../icon';
import { After } from './after';
import { Band } from './band';
import { Conflicts } from './conflicts';
import { LastLook } from './last_look';
import { LeftOut, WhatIf } from './left_out';
import { bandWords, longDate, shareWords, timeWords } from './numbers';
import { PathChart, PathTable } from './path_chart';
import { Refused } from './refused';
import { SectionMap } from './section_map';
import { FiveMore, TodayButton } from './today';

interface Props {
  exam: ExamRow;
  shelf: Shelf;
  back?: string;
}

export function ExamPage({ exam, shelf, back }: Props) {
  const plan = shelf.plans.get(exam.id);
  const isOver = exam.day < shelf.today || plan?.state === 'over';
  return (
    <>
      <Banners update />
      <Bar title={exam.name} {...(back !== undefined && { back })}>
        <a class="icon-button" href={`/exam/${exam.id}/edit`} aria-label={t('examEdit')} title={t('examEdit')}>
          <Icon name="options" />
        </a>
      </Bar>
      <main class="page stack wide" id="main">
        <Refused items={shelf.refused} />
        <Conflicts exam={exam} decks={shelf.decks} />
        {isOver ? <After exam={exam} plan={plan} /> : <Running exam={exam} shelf={shelf} plan={plan} />}
        {plan && plan.state !== 'no-cards' && <Path exam={exam} plan={plan} />}
        {!isOver && plan && <Parts exam={exam} shelf={shelf} plan={plan} />}
        <a class="button plain" href="/exam/new">
          <Icon name="add" />
          {t('examAnother')}
        </a>
      </main>
    </>
  );
}

interface Known extends Props {
  plan: ExamPlanRow | undefined;
}

function Running({ exam, shelf, plan }: Known) {
  const { today } = shelf;
  return (
    <>
      <section>
        <p class="exam-days">
          <b>{exam.day === today ? t('examIsToday') : dayFrom(today, exam.day)}</b>{' '}
          <span class="muted">
            {longDate(exam.day)}
            {exam.time !== null && ` ${timeWords(exam.time)}`}
          </span>
        </p>
        <Outlook exam={exam} plan={plan} today={today} />
      </section>
      {plan?.state !== 'no-cards' && (
        <section>
          <TodayButton shelf={shelf} />
          <FiveMore plan={plan} shelf={shelf} />
          {exam.day - today <= 1 && <LastDay exam={exam} isToday={exam.day === today} />}
        </section>
      )}
      {plan?.state === 'solved' && <LeftOut exam={exam} plan={plan} />}
    </>
  );
}

function LastDay({ exam, isToday }: { exam: ExamRow; isToday: boolean }) {
  return (
    <>
      <p class="note">{isToday ? t('examLastHours') : t('examLastDay')}</p>
      <LastLook exam={exam} />
    </>
  );
}

function Outlook({ exam, plan, today }: { exam: ExamRow; plan: ExamPlanRow | undefined; today: number }) {
  if (plan?.state === 'no-cards') return <Trouble exam={exam} words={t('examNoCardsLeft')} />;
  if (plan?.state === 'no-time') return <Trouble exam={exam} words={t('examNoTimeLeft')} />;
  if (!plan) return <p class="muted">{t('examPlanning')}</p>;
  return <Figures exam={exam} plan={plan} today={today} />;
}

function Figures({ exam, plan, today }: { exam: ExamRow; plan: ExamPlanRow; today: number }) {
  const { now, outlook } = useStanding(exam, plan);
  const { cards } = plan;
  return (
    <>
      <p class="exam-share">
        <span class="note muted">{t('examOutlook')}</span>
        {bandWords(outlook)}
      </p>
      <Band readiness={outlook} />
      <p>{t('examOutlookSays', { known: Math.round(outlook.mean * cards), all: cards })}</p>
      <p class="muted note">{t('examNowSays', { band: bandWords(now) })}</p>
      {isStale(exam, plan, today) && (
        <p class="muted note" role="status">
          {t('examReplanning')}
        </p>
      )}
      <details>
        <summary class="fold">{t('examBandWhat')}</summary>
        <p class="note">{t('examBandSays', { low: shareWords(outlook.low), high: shareWords(outlook.high) })}</p>
        <p class="note">{t('examAssumes')}</p>
      </details>
    </>
  );
}

function Trouble({ exam, words }: { exam: ExamRow; words: string }) {
  return (
    <div class="banner">
      <span>{words}</span>
      <a class="button" href={`/exam/${exam.id}/edit`}>
        {t('examEdit')}
      </a>
    </div>
  );
}

function Path({ exam, plan }: { exam: ExamRow; plan: ExamPlanRow }) {
  return (
    <section>
      <h2>{t('examPath')}</h2>
      <PathChart exam={exam} plan={plan} />
      <PathTable plan={plan} />
    </section>
  );
}

function Sections({ exam, shelf, plan }: Props & { plan: ExamPlanRow }) {
  const stored = useStored((device) => sectionsStanding(device, exam), ['cards', 'content'], [exam, plan.made_at]);
  const now = stored.state === 'ready' ? stored.value : null;
  return <SectionMap exam={exam} sections={now ?? plan.sections} decks={shelf.decks} />;
}

function Parts({ exam, shelf, plan }: Props & { plan: ExamPlanRow }) {
  return (
    <>
      {plan.sections.length > 0 && <Sections exam={exam} shelf={shelf} plan={plan} />}
      {plan.state === 'solved' && <WhatIf exam={exam} minutes={minutesOf(exam, shelf.today)} />}
    </>
  );
}
