// The text that candidates come from: the place of the one in hand marked, the others' faintly, paragraphs without any by their edge.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Candidate, type Paragraph, type TextPart, textAround } from '../texts';
import { t } from '../words';
import { Loading } from './states';
import { tongueOf } from './text';

interface SourcePane {
  document: string;
  current: Candidate | null;
  candidates: readonly Candidate[];
}

export function SourcePane({ document, current, candidates }: SourcePane) {
  const [part, setPart] = useState<TextPart | null>(null);
  const pane = useRef<HTMLElement>(null);
  const at = current?.spans[0]?.[0] ?? 0;
  useEffect(() => {
    let here = true;
    void textAround(document, at).then(
      (found) => here && setPart(found),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [document, at]);
  useEffect(() => {
    pane.current?.querySelector('mark.now')?.scrollIntoView({ block: 'center' });
  }, [part, current?.id]);
  const characters = useMemo(() => (part ? [...part.text] : []), [part]);
  if (!part) return <Loading />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="source-pane" ref={pane} aria-label={t('reviewSource')} tabIndex={0}>
      {part.paragraphs.map((paragraph) => (
        <ParagraphOf
          key={paragraph.index}
          paragraph={paragraph}
          text={characters.slice(Math.max(0, paragraph.start - part.start), paragraph.end - part.start)}
          spans={spansIn(Math.max(paragraph.start, part.start), paragraph, current, candidates)}
        />
      ))}
    </section>
  );
}

interface Span {
  start: number;
  end: number;
  now: boolean;
}

/** The spans of a paragraph in order, counted from its `first` character that is here; the one in hand wins where two overlap. */
function spansIn(
  first: number,
  paragraph: Paragraph,
  current: Candidate | null,
  candidates: readonly Candidate[],
): Span[] {
  const found: Span[] = [];
  const take = ({ spans }: Candidate, now: boolean) => {
    for (const [from, to] of spans) {
      const start = Math.max(from, first) - first;
      const end = Math.min(to, paragraph.end) - first;
      const isFree = found.every((other) => end <= other.start || start >= other.end);
      if (start < end && isFree) found.push({ start, end, now });
    }
  };
  if (current) take(current, true);
  for (const each of candidates) {
    if (each.paragraph === paragraph.index && each.shown && each.verdict !== 'rejected') take(each, false);
  }
  return found.sort((a, b) => a.start - b.start);
}

interface ParagraphText {
  paragraph: Paragraph;
  text: readonly string[];
  spans: readonly Span[];
}

function ParagraphOf({ paragraph, text, spans }: ParagraphText) {
  const pieces: preact.ComponentChild[] = [];
  let at = 0;
  for (const { start, end, now } of spans) {
    pieces.push(
      text.slice(at, start).join(''),
      <mark class={now ? 'now' : 'other'} key={start}>
        {text.slice(start, end).join('')}
      </mark>,
    );
    at = end;
  }
  pieces.push(text.slice(at).join(''));
  const words = text.slice(0, 40).join('');
  return (
    <p class={paragraph.cards > 0 ? undefined : 'bare'} lang={tongueOf(words)}>
      {pieces}
      {paragraph.cards === 0 && <span class="unseen">{t('reviewBare')}</span>}
    </p>
  );
}
