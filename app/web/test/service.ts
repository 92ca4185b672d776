/** A small service that keeps the contract of `POST /api/sync`: the log is the truth, every card a replay of it. */
import { gunzipSync } from 'node:zlib';
import { digestOf, digestText } from '../src/digest';
import { effectiveAt, type ReplayEvent } from '../src/events';
import { cardIdOf } from '../src/ids';
import { faces } from '../src/notes';
import { DEFAULT_PARAMETERS } from '../src/parameters';
import { NEW_CARD, replay } from '../src/schedule';
import { stateOf } from '../src/store/onTop';
import type {
  CardRow,
  DeckRow,
  EditIn,
  EventIn,
  LearnerRow,
  NoteKind,
  NoteRow,
  Problem,
  SyncAnswer,
  SyncRequest,
} from '../src/wire';

export const LEARNER: LearnerRow = {
  id: '01890000-0000-7000-8000-00000000aaaa',
  kind: 'anonymous',
  name: null,
  language: 'zh',
  zone: 'Asia/Shanghai',
  rollover_hour: 4,
  settings: {},
  parameters_version: 1,
};

function problem(code: string, status: number, pointer?: string): Problem {
  const errors = pointer ? { errors: [{ pointer, code }] } : {};
  return { type: `/problems/${code}`, title: code, status, ...errors };
}

export class Service {
  readonly events = new Map<string, ReplayEvent>();
  readonly cards = new Map<string, CardRow>();
  readonly notes = new Map<string, NoteRow>();
  readonly decks = new Map<string, DeckRow>();
  readonly tombstones = new Map<string, { entity: 'deck' | 'note' | 'card'; seq: number }>();
  readonly edits = new Set<string>();
  learner: LearnerRow | null = null;
  seq = 0;
  requests = 0;
  /** Ids that make the whole request invalid, and whether the refusal points at them. */
  poison = new Set<string>();
  points = true;
  signedOut = false;
  onlyNewApps = false;

  constructor(private readonly now: () => number) {}

  deck(id: string, name = 'deck', options: DeckRow['options'] = {}, position = this.decks.size): void {
    this.decks.set(id, {
      id,
      name,
      slug: null,
      origin: 'own',
      origin_version: null,
      options,
      position,
      version: 1,
      seq: this.next(),
    });
  }

  note(id: string, deckId: string, fields: Record<string, string>, kind: NoteKind = 'basic'): void {
    if (this.notes.has(id)) throw new Error(`note ${id} is there already`);
    const rest = { format: 'text', tags: [], guid: id, source: null, version: 1 } as const;
    this.notes.set(id, { id, deck_id: deckId, kind, fields, ...rest, tags: [], seq: this.next() });
    for (const { ordinal } of faces(kind, fields)) this.card(id, deckId, ordinal);
  }

  private card(noteId: string, deckId: string, ordinal: number): void {
    const id = cardIdOf(noteId, ordinal);
    const position = this.cards.size;
    this.cards.set(id, {
      ...NEW_CARD,
      id,
      note_id: noteId,
      deck_id: deckId,
      ordinal,
      position,
      version: 1,
      seq: this.next(),
    });
  }

  removeNote(id: string): void {
    this.notes.delete(id);
    this.tombstones.set(id, { entity: 'note', seq: this.next() });
    for (const card of this.cards.values()) if (card.note_id === id) this.cards.delete(card.id);
  }

  private next(): number {
    this.seq += 1;
    return this.seq;
  }

  /** An answer given on another device of the same learner. */
  answerElsewhere(event: ReplayEvent): void {
    this.events.set(event.id, event);
    this.replayCard(event.card_id);
  }

  private replayCard(id: string): void {
    const card = this.cards.get(id);
    if (!card) return;
    const log = [...this.events.values()].filter((event) => event.card_id === id);
    this.cards.set(id, { ...card, ...replay(id, log), seq: this.next() });
  }

  respond(path: string, init: RequestInit): Response {
    this.requests += 1;
    const raw = init.body;
    const text = typeof raw === 'string' ? raw : gunzipSync(new Uint8Array(raw as ArrayBuffer)).toString();
    const body = JSON.parse(text) as unknown;
    if (this.onlyNewApps) return this.json(problem('app-too-old', 426), 426);
    if (this.signedOut) return this.json(problem('not-signed-in', 401), 401);
    if (path === '/api/session') {
      this.learner ??= { ...LEARNER };
      return this.json({ learner: this.learner }, 201);
    }
    if (path === '/api/learner') {
      this.learner = { ...(this.learner ?? LEARNER), ...(body as Partial<LearnerRow>) };
      return this.json(this.learner, 200);
    }
    const request = body as SyncRequest;
    const wrong = [...request.events, ...request.edits].findIndex(({ id }) => this.poison.has(id));
    if (wrong >= 0) return this.json(problem('validation', 422, this.points ? `/events/${wrong}/at` : undefined), 422);
    return this.json(this.sync(request), 200);
  }

  private json(body: unknown, status: number): Response {
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  }

  private sync(request: SyncRequest): SyncAnswer {
    const acked: string[] = [];
    const refused: SyncAnswer['refused'] = [];
    // Edits go first; but what a request deletes is still there for the events of the same request.
    const isDeletion = ({ op }: EditIn) => op === 'delete';
    for (const edit of request.edits.filter((each) => !isDeletion(each))) this.applyEdit(edit);
    acked.push(...request.edits.map(({ id }) => id));
    for (const event of request.events) {
      if (this.cards.has(event.card_id)) acked.push(event.id);
      else refused.push({ id: event.id, problem: problem('card-missing', 404) });
      if (this.cards.has(event.card_id)) this.log(event, request.device_id);
    }
    for (const edit of request.edits.filter(isDeletion)) this.applyEdit(edit);
    const rows = this.rowsAfter(request.cursor).slice(0, request.want);
    const more = this.rowsAfter(request.cursor).length > rows.length;
    return {
      cursor: more ? (rows.at(-1)?.seq ?? this.seq) : this.seq,
      more,
      acked,
      refused,
      corrected: [],
      conflicts: [],
      changes: {
        learner: request.cursor === 0 ? this.learner : null,
        parameters: request.cursor === 0 ? [DEFAULT_PARAMETERS] : [],
        decks: rows.flatMap(({ deck }) => deck ?? []),
        notes: rows.flatMap(({ note }) => note ?? []),
        cards: rows.flatMap(({ card }) => card ?? []),
        tombstones: rows.flatMap(({ tombstone }) => tombstone ?? []),
      },
      server_time: this.now(),
      digest: more ? null : digestText(digestOf(this.cards.values())),
    };
  }

  private rowsAfter(cursor: number) {
    const stones = [...this.tombstones].map(([id, { entity, seq }]) => ({ seq, tombstone: { entity, id } }));
    const rows: {
      seq: number;
      deck?: DeckRow;
      note?: NoteRow;
      card?: CardRow;
      tombstone?: { entity: 'deck' | 'note' | 'card'; id: string };
    }[] = [
      ...[...this.decks.values()].map((deck) => ({ seq: deck.seq, deck })),
      ...[...this.notes.values()].map((note) => ({ seq: note.seq, note })),
      ...[...this.cards.values()].map((card) => ({ seq: card.seq, card })),
      ...stones,
    ];
    return rows.filter(({ seq }) => seq > cursor).sort((a, b) => a.seq - b.seq);
  }

  private log(event: EventIn, deviceId: string): void {
    if (this.events.has(event.id)) return;
    const at = effectiveAt(event.at, event.clock_offset_ms, this.now());
    this.events.set(event.id, { ...event, device_id: deviceId, effective_at: at });
    this.replayCard(event.card_id);
  }

  private applyEdit({ id, entity, op, entity_id, fields }: EditIn): void {
    if (this.edits.has(id)) return;
    this.edits.add(id);
    if (entity === 'deck') {
      if (op === 'create')
        this.deck(entity_id, String(fields.name), fields.options as DeckRow['options'], fields.position as number);
      const deck = this.decks.get(entity_id);
      if (deck && op === 'update')
        this.decks.set(entity_id, { ...deck, name: String(fields.name), version: deck.version + 1, seq: this.next() });
      return;
    }
    if (op === 'create')
      this.note(entity_id, String(fields.deck_id), fields.fields as Record<string, string>, fields.kind as NoteKind);
    const note = this.notes.get(entity_id);
    if (note && op === 'update') {
      const merged = { ...note.fields, ...(fields.fields as Record<string, string>) };
      this.notes.set(entity_id, { ...note, fields: merged, version: note.version + 1, seq: this.next() });
    }
    if (op === 'delete') this.removeNote(entity_id);
  }

  /** The state that every device must come to. */
  stateOf(id: string) {
    const card = this.cards.get(id);
    return card && stateOf(card);
  }
}
