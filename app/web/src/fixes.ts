/** What one tap can mend of what the linter found. Pure. */
import type { Finding } from './lint';
import { gaps, type NoteFields } from './notes';
import type { NoteKind } from './wire';

export interface Fixed {
  kind: NoteKind;
  fields: Record<string, string>;
}

const SENTENCES = /[；。;]\s*/;
const GAP = '……';

/** The note with the finding mended, or null where only the learner can tell how. `topic` is what the deck is about. */
export function fixOf({ rule, detail }: Finding, kind: NoteKind, fields: NoteFields, topic: string): Fixed | null {
  const make = MENDS[rule];
  return make ? make({ kind, fields: { ...fields } }, detail, topic) : null;
}

type Mend = (note: Fixed, detail: string, topic: string) => Fixed | null;

const MENDS: Readonly<Partial<Record<Finding['rule'], Mend>>> = {
  'long-answer': shorten,
  'several-facts': (note) => asList(note, SENTENCES),
  'list-without-members': (note) => asList(note, /、|和(?=[^、和]*$)/),
  'answer-in-front': hideAnswer,
  'missing-context': nameTopic,
  'same-front': nameTopic,
  'gap-cuts-word': widenGap,
  'trivial-gap': dropGap,
};

/** Keeps the first clause; the rest goes to the explanation. */
function shorten({ kind, fields }: Fixed): Fixed | null {
  const back = fields.back ?? '';
  const cut = back.search(/[；。;，,：:（(]/);
  if (cut < 1) return null;
  const rest = back.slice(back[cut] === '（' || back[cut] === '(' ? cut : cut + 1).trim();
  if (!rest || kind === 'choice') return null;
  const note = [rest, fields.note].filter(Boolean).join('\n');
  return { kind, fields: { ...fields, back: back.slice(0, cut).trim(), note } };
}

/** One card a member. */
function asList({ kind, fields }: Fixed, between: RegExp): Fixed | null {
  if (kind !== 'basic') return null;
  const items = (fields.back ?? '')
    .split(between)
    .map((item) => item.trim())
    .filter(Boolean);
  if (items.length < 2) return null;
  const { back: _listed, ...rest } = fields;
  return { kind: 'list', fields: { ...rest, items: items.join('\n') } };
}

function hideAnswer({ kind, fields }: Fixed, detail: string): Fixed | null {
  const name = kind === 'cloze' ? 'text' : 'front';
  if (kind === 'cloze' || !fields[name]?.includes(detail) || fields[name] === detail) return null;
  return { kind, fields: { ...fields, [name]: fields[name].replaceAll(detail, GAP) } };
}

function nameTopic({ kind, fields }: Fixed, _detail: string, topic: string): Fixed | null {
  const front = fields.front ?? '';
  if (!front || !topic || front.startsWith(topic)) return null;
  const joint = /[\u3400-\u9fff]/.test(topic) ? '：' : ': ';
  return { kind, fields: { ...fields, front: topic + joint + front } };
}

const LETTER = /^(?![\u3400-\u9fff])[\p{L}\p{N}]$/u;

/** Takes the letters beside the gap into it. */
function widenGap({ kind, fields }: Fixed, detail: string): Fixed | null {
  const text = fields.text ?? '';
  const gap = gaps(text).find(({ answer }) => answer === detail);
  if (!gap) return null;
  const [before, inside, after] = [text.slice(0, gap.start), text.slice(gap.start, gap.end), text.slice(gap.end)];
  let [from, to] = [before.length, 0];
  while (from > 0 && LETTER.test(before[from - 1] ?? '')) from--;
  while (to < after.length && LETTER.test(after[to] ?? '')) to++;
  const opening = /^\{\{c[0-9]+::/.exec(inside)?.[0] ?? '';
  const rest = inside.slice(opening.length, -2);
  const hint = rest.indexOf('::');
  const [answer, tail] = hint < 0 ? [rest, ''] : [rest.slice(0, hint), rest.slice(hint)];
  const whole = `${opening}${before.slice(from)}${answer}${after.slice(0, to)}${tail}}}`;
  return { kind, fields: { ...fields, text: before.slice(0, from) + whole + after.slice(to) } };
}

function dropGap({ kind, fields }: Fixed, detail: string): Fixed | null {
  const text = fields.text ?? '';
  const all = gaps(text);
  const gap = all.find(({ answer }) => answer === detail);
  if (!gap || all.length < 2) return null;
  return { kind, fields: { ...fields, text: text.slice(0, gap.start) + gap.answer + text.slice(gap.end) } };
}
