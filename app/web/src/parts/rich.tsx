// A field with markup as it is shown: built node by node, never from HTML. The formula converter comes with the first formula.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Block, blocksOf, type Inline } from '../markup';
import { t } from '../words';
import { addressOf } from './media_address';
import '../style/rich.css';

export function Rich({ text }: { text: string }) {
  return (
    <>
      {blocksOf(text).map((block, place) => (
        <Piece key={place} block={block} />
      ))}
    </>
  );
}

function Piece({ block }: { block: Block }) {
  switch (block.is) {
    case 'list':
      return (
        <ul>
          {block.items.map((item, place) => (
            <li key={place}>
              <Words inside={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <Table head={block.head} rows={block.rows} />;
    case 'code':
      return <pre>{block.text}</pre>;
    case 'formula':
      return <Formula tex={block.tex} display />;
    default:
      return (
        <div class="lines">
          <Words inside={block.inside} />
        </div>
      );
  }
}

function Table({ head, rows }: { head: readonly Inline[][]; rows: readonly Inline[][][] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable with the keyboard
    <section class="scroll" tabIndex={0} aria-label={t('aTable')}>
      <table>
        <thead>
          <tr>
            {head.map((cell, place) => (
              <th key={place} scope="col">
                <Words inside={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, place) => (
                <td key={place}>
                  <Words inside={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Words({ inside }: { inside: readonly Inline[] }) {
  return (
    <>
      {inside.map((piece, place) => (
        <Word key={place} piece={piece} />
      ))}
    </>
  );
}

function Word({ piece }: { piece: Inline }) {
  switch (piece.is) {
    case 'bold':
      return (
        <strong>
          <Words inside={piece.inside} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Words inside={piece.inside} />
        </em>
      );
    case 'code':
      return <code>{piece.text}</code>;
    case 'ruby':
      return (
        <ruby>
          {piece.base}
          <rp>（</rp>
          <rt>{piece.reading}</rt>
          <rp>）</rp>
        </ruby>
      );
    case 'formula':
      return <Formula tex={piece.tex} display={piece.display} />;
    case 'picture':
      return <Picture hash={piece.hash} words={piece.words} />;
    default:
      return <>{piece.text}</>;
  }
}

/** A formula; its source until the converter is here, and where it is not a formula at all. */
export function Formula({ tex, display }: { tex: string; display: boolean }) {
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    let current = true;
    void import('./formula').then(({ showFormula }) => {
      if (current && element.current) showFormula(element.current, tex, display);
    });
    return () => {
      current = false;
    };
  }, [tex, display]);
  return (
    <span class={display ? 'formula display' : 'formula'} ref={element} key={tex}>
      {tex}
    </span>
  );
}

function Picture({ hash, words }: { hash: string; words: string }) {
  const [address, setAddress] = useState('');
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let current = true;
    setMissing(false);
    void addressOf(hash).then((found) => current && setAddress(found));
    return () => {
      current = false;
    };
  }, [hash]);
  if (missing) return <span class="muted">[{words || t('aPicture')}]</span>;
  if (!address) return null;
  return <img src={address} alt={words} onError={() => setMissing(true)} />;
}
