import type { Fault } from '../../exam/scope';
import { type PlainKey, t } from '../../words';

const words: Readonly<Record<Fault, PlainKey>> = {
  'exam-past': 'examFaultPast',
  'exam-far': 'examFaultFar',
  'exam-no-minutes': 'examFaultNoMinutes',
  'exam-no-cards': 'examFaultNoCards',
  'exam-too-many': 'examFaultTooMany',
  'exam-no-days': 'examFaultNoDays',
};

export function faultWords(fault: Fault): string {
  return t(words[fault]);
}
