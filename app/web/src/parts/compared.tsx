import { t } from '../words';
import { tongueOf } from './text';
import { difference, isRight } from './typed';

/** What was typed beside the answer: what is too much and what is missing. */
export function Compared({ typed, answer }: { typed: string; answer: string }) {
  return (
    <div class="typed">
      <p class="muted small">{t('yourAnswer')}</p>
      {isRight(typed, answer) ? (
        <p>
          {typed} · {t('rightAnswer')}
        </p>
      ) : (
        <p lang={tongueOf(answer)}>
          {difference(typed, answer).map(({ kind, text }) => {
            if (kind === 'extra') return <del>{text}</del>;
            return kind === 'missing' ? <ins>{text}</ins> : text;
          })}
        </p>
      )}
    </div>
  );
}
