// What is firm and what is shaky: one tile a deck, with what can be done about it and about its parts.
import { useState } from 'preact/hooks';
import { changeExam } from '../../state/exams';
import type { DeckRow, ExamRow, SectionMark, SectionStanding } from '../../wire';
import { type PlainKey, t } from '../../words';
import { Action, Sheet } from '../sheet';
import { deckName, shareWords } from './numbers';

type Strength = 'none' | 'weak' | 'fair' | 'firm';

const words: Readonly<Record<Strength, PlainKey>> = {
  none: 'examUnseen',
  weak: 'examWeak',
  fair: 'examFair',
  firm: 'examFirm',
};

/** From which recall at the exam on a section counts as fair, and as firm. */
const FAIR = 0.5;
const FIRM = 0.8;

function strengthOf({ seen, readiness }: SectionStanding): Strength {
  if (seen === 0) return 'none';
  if (readiness.mean < FAIR) return 'weak';
  return readiness.mean < FIRM ? 'fair' : 'firm';
}

interface Props {
  exam: ExamRow;
  sections: readonly SectionStanding[];
  decks: readonly DeckRow[];
}

export function SectionMap({ exam, sections, decks }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const names = new Map(decks.map(({ id, name }) => [id, deckName(name)]));
  const nameOf = (section: SectionStanding) => section.path.at(-1) ?? names.get(section.deck_id) ?? t('examDeckGone');
  const tiles = sections.filter(({ path }) => path.length === 0);
  const chosen = sections.find(({ key }) => key === open);
  return (
    <section>
      <h2>{t('examSections')}</h2>
      <p class="muted note">{t('examSectionsHint')}</p>
      <ul class="tiles">
        {tiles.map((section) => (
          <li key={section.key}>
            <Tile section={section} name={nameOf(section)} exam={exam} onOpen={() => setOpen(section.key)} />
          </li>
        ))}
      </ul>
      {chosen && (
        <SectionSheet
          key={chosen.key}
          exam={exam}
          section={chosen}
          name={nameOf(chosen)}
          parts={
            chosen.path.length > 0
              ? []
              : sections.filter((each) => each.deck_id === chosen.deck_id && each.path.length > 0)
          }
          onOpen={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

interface TileProps {
  section: SectionStanding;
  name: string;
  exam: ExamRow;
  onOpen: () => void;
}

function Tile({ section, name, exam, onOpen }: TileProps) {
  const mark = exam.sections[section.key];
  const strength = strengthOf(section);
  const mean = mark?.dropped ? 0 : section.readiness.mean;
  return (
    <button type="button" class={`tile ${mark?.dropped ? 'dropped' : strength}`} onClick={onOpen}>
      <b class="clip">{name}</b>
      <span class="small">
        {mark?.dropped ? t('examDropped') : t(words[strength])}
        {mark?.pinned && ` · ${t('examPinned')}`}
      </span>
      <svg class="tile-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 2H${Math.round(100 * mean)}`} />
      </svg>
      <span class="unseen">{t('examSectionShare', { share: shareWords(section.readiness.mean) })}</span>
    </button>
  );
}

function standing(exam: ExamRow, section: SectionStanding): string {
  const { pinned, dropped } = markOf(exam, section);
  if (dropped) return t('examDropped');
  const strength = t(words[strengthOf(section)]);
  return pinned ? `${strength} · ${t('examPinned')}` : strength;
}

interface SheetProps {
  exam: ExamRow;
  section: SectionStanding;
  name: string;
  parts: readonly SectionStanding[];
  onOpen: (key: string) => void;
  onClose: () => void;
}

const PLAIN: SectionMark = { share: null, pinned: false, dropped: false };

/** A part that has no mark of its own has its deck's. */
const markOf = ({ sections }: ExamRow, { key, deck_id }: SectionStanding): SectionMark =>
  sections[key] ?? sections[deck_id] ?? PLAIN;

function SectionSheet({ exam, section, name, parts, onOpen, onClose }: SheetProps) {
  const { key, cards, seen, readiness, deck_id } = section;
  const mark = markOf(exam, section);
  const isUnderMark = key !== deck_id && exam.sections[deck_id] !== undefined;
  const change = (patch: Partial<SectionMark>) => () => {
    const next = { ...mark, ...patch };
    const isPlain = next.share === null && !next.pinned && !next.dropped && !isUnderMark;
    void changeExam(exam.id, { sections: { [key]: isPlain ? null : next } });
    onClose();
  };
  return (
    <Sheet title={name} onClose={onClose}>
      <p>{t('examSectionSays', { cards, seen, known: Math.round(cards * readiness.mean) })}</p>
      <div class="rows">
        <Action
          icon="flag"
          label={mark.pinned ? t('examUnpinSection') : t('examPinSection')}
          onAct={change({ pinned: !mark.pinned, dropped: false })}
        />
        <Action
          icon="stop"
          label={mark.dropped ? t('examUndropSection') : t('examDropSection')}
          onAct={change({ dropped: !mark.dropped, pinned: false })}
        />
        <a class="row" href={`/cards?deck=${deck_id}`}>
          <span class="grow">{t('examBrowse')}</span>
        </a>
      </div>
      {parts.length > 0 && (
        <ul class="rows">
          {parts.map((part) => (
            <li key={part.key}>
              <button type="button" class="row" onClick={() => onOpen(part.key)}>
                <span class="grow">{part.path.at(-1)}</span>
                <span class="muted small">{standing(exam, part)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  );
}
