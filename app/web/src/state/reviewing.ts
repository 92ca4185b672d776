// Going through the candidates of a text: what is decided shows at once and is sent in order; undo comes back from the server.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../parts/asked';
import {
  allCandidates,
  type Candidate,
  judge,
  readText,
  type TextDocument,
  undoVerdicts,
  type Verdict,
  type Verdicts,
} from '../texts';

export interface Reviewing {
  document: TextDocument;
  candidates: readonly Candidate[];
  /** The sentence of what went wrong last; "" when the server could not be reached. */
  trouble: string | null;
  decide: (candidate: Candidate, verdict: Verdict | null, fields?: Record<string, string>) => void;
  /** All open ones of a group or a paragraph. */
  decideAll: (which: { group: string } | { paragraph: number }, verdict: Verdict) => void;
  /** Gives the candidates that are open again. */
  undo: () => Promise<readonly Candidate[]>;
  reload: () => Promise<void>;
}

export function useReviewing(start: TextDocument, more: boolean): Reviewing | null {
  const [document, setDocument] = useState(start);
  const [candidates, setCandidates] = useState<readonly Candidate[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const { id } = start;
  const reload = useCallback(async () => {
    const [found, text] = await Promise.all([allCandidates(id, more), readText(id)]);
    setCandidates(found);
    setDocument(text);
  }, [id, more]);
  const failed = (error: unknown) => setTrouble(sentenceOf(error) ?? '');
  useEffect(() => {
    void reload().catch(failed);
  }, [reload]);
  /** One after the other, in the order of the decisions. What the server refuses is shown as it has it. */
  const inLine = <T>(task: () => Promise<T>): Promise<T | null> => {
    const mine = line.current.then(async () => {
      try {
        const done = await task();
        setTrouble(null);
        return done;
      } catch (error) {
        failed(error);
        await reload().catch(() => undefined);
        return null;
      }
    });
    line.current = mine;
    return mine;
  };
  const send = (verdicts: Verdicts) => void inLine(() => judge(id, verdicts)).then((text) => text && setDocument(text));
  if (!candidates) return null;
  return {
    document,
    candidates,
    trouble,
    reload,
    decide(candidate, verdict, fields) {
      const own_fields = fields ?? null;
      setCandidates(candidates.map((each) => (each.id === candidate.id ? { ...each, verdict, own_fields } : each)));
      send({ verdicts: [{ id: candidate.id, verdict, ...(fields && { fields }) }] });
    },
    decideAll(which, verdict) {
      const isMeant = (each: Candidate) =>
        each.shown &&
        each.verdict === null &&
        ('group' in which ? each.group === which.group : each.paragraph === which.paragraph);
      setCandidates(candidates.map((each) => (isMeant(each) ? { ...each, verdict } : each)));
      send({ ...which, verdict });
    },
    async undo() {
      const undone = await inLine(() => undoVerdicts(id));
      if (!undone) return [];
      const back = new Map(undone.candidates.map((each) => [each.id, each]));
      setCandidates((now) => (now ?? []).map((each) => back.get(each.id) ?? each));
      setDocument(undone.document);
      return undone.candidates;
    },
  };
}
