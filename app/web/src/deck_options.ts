/**
 * How a deck is studied: what it says itself, else what the nearest deck above it says, else the learner. The same as the server's
 * `core/deck_options.py`.
 */
import { lineOf } from './levels';
import { DEFAULT_LIMITS } from './queue';
import type { DeckOptions, OptionName, Settings, WholeOptions } from './wire';

/** The value of an option, and the deck that says so; null when no deck does. */
export interface InForce<V> {
  value: V;
  deck_id: string | null;
}

export type OptionsInForce = { readonly [Name in OptionName]: InForce<WholeOptions[Name]> };

/** What holds for decks that nothing is said about. */
export function usualOptions(settings: Settings, desired_retention: number): WholeOptions {
  return {
    ...DEFAULT_LIMITS,
    new_per_day: settings.new_per_day ?? DEFAULT_LIMITS.new_per_day,
    reviews_per_day: settings.reviews_per_day ?? DEFAULT_LIMITS.reviews_per_day,
    desired_retention,
    read_aloud: settings.speech === 'auto' ? 'both' : 'off',
    voice: 'auto',
  };
}

/** Every option of one deck as it counts; `ownOf` gives what a deck says itself. */
export function optionsInForce(
  deckId: string,
  ownOf: (deckId: string) => DeckOptions | undefined,
  above: ReadonlyMap<string, string>,
  usual: WholeOptions,
): OptionsInForce {
  const line = lineOf(deckId, above).map((id) => ({ id, own: ownOf(id) }));
  const told = (Object.keys(usual) as OptionName[]).map((name) => {
    const says = line.find(({ own }) => (own?.[name] ?? null) !== null);
    return [name, { value: says?.own?.[name] ?? usual[name], deck_id: says?.id ?? null }];
  });
  return Object.fromEntries(told) as OptionsInForce;
}

/** The values alone. */
export function valuesOf(options: OptionsInForce): WholeOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [name, value]),
  ) as unknown as WholeOptions;
}
