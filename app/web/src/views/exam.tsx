import { useLocation } from 'preact-iso';
import ExamCards from './exam_cards';
import ExamEdit from './exam_edit';
import ExamList from './exam_list';
import ExamNew from './exam_new';
import ExamOne from './exam_one';
import ExamStudy from './exam_study';

/** The pages of exams: the list, setting up, today's session, one exam, its cards and its settings. */
export default function Exam() {
  const [, , first = '', second = ''] = useLocation().path.split('/');
  if (first === '') return <ExamList />;
  if (first === 'new') return <ExamNew />;
  if (first === 'study') return <ExamStudy />;
  if (second === 'edit') return <ExamEdit key={first} id={first} />;
  if (second === 'cards') return <ExamCards key={first} id={first} />;
  return <ExamOne key={first} id={first} />;
}
