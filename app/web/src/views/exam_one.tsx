import { Bar } from '../parts/bar';
import { ExamPage } from '../parts/exam/exam_page';
import { Refused } from '../parts/exam/refused';
import { FailedToRead, Loading, Missing } from '../parts/states';
import { useShelf } from '../state/exams';
import { t } from '../words';

/** One of several exams. */
export default function ExamOne({ id }: { id: string }) {
  const stored = useShelf();
  const exam = stored.state === 'ready' ? stored.value.exams.find((each) => each.id === id) : undefined;
  if (stored.state === 'ready' && exam) return <ExamPage exam={exam} shelf={stored.value} back="/exam" />;
  return (
    <>
      <Bar title={t('placeExam')} back="/exam" />
      <main class="page" id="main">
        {stored.state === 'loading' && <Loading />}
        {stored.state === 'failed' && <FailedToRead reason={stored.reason} />}
        {stored.state === 'ready' && <Refused items={stored.value.refused} />}
        {stored.state === 'ready' && <Missing words={t('examMissing')} />}
      </main>
    </>
  );
}
