import { useLocation } from 'preact-iso';
import type { Session, Shown } from '../state/session';
import { speak, voiceFor } from '../state/speech';
import { t } from '../words';
import { aloud } from './dock';
import { SourceOf } from './paper';
import { Action, Sheet } from './sheet';

const LEECH_LAPSES = 8;

interface Props {
  session: Session;
  shown: Shown;
  /** Why the card comes now, where that is not its due day. */
  why: string | null;
  onClose: () => void;
}

/** What can be done with the card on screen, two taps away: each act is undone by the dock's undo. */
export function CardSheet({ session, shown, why, onClose }: Props) {
  const { route } = useLocation();
  const { card, note } = shown.view;
  const { text, tongue } = aloud(shown);
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <Sheet title={t('cardActions')} onClose={onClose}>
      {why && <p class="note">{why}</p>}
      {card.lapses >= LEECH_LAPSES && <p class="note">{t('leech', { n: card.lapses })}</p>}
      <div class="rows">
        <Action
          icon="flag"
          label={card.flag ? t('unflag') : t('flag')}
          onAct={then(() => session.flag(card.flag ? 0 : 1))}
        />
        <Action icon="pause" label={t('suspend')} onAct={then(() => session.putAway('suspend'))} />
        <Action icon="clock" label={t('bury')} onAct={then(() => session.putAway('bury'))} />
        <Action icon="stop" label={t('pauseSession')} onAct={then(() => session.pause())} />
        <Action icon="edit" label={t('editCard')} onAct={then(() => route(`/notes/${note.id}`))} />
        <Action icon="history" label={t('history')} onAct={then(() => route(`/cards/${card.id}`))} />
        {voiceFor(tongue) && <Action icon="sound" label={t('readAloud')} onAct={then(() => speak(text, tongue))} />}
      </div>
      <SourceOf note={note} open />
    </Sheet>
  );
}
