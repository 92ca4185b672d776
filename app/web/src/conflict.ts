/** The other versions of a note's parts that were changed on two devices, as the store notes them: by part. */
import type { Json, NoteRow } from './wire';

export interface OtherVersion {
  field: string;
  kept: string;
  other: string;
}

/** Text against text only: a note that was deleted or moved elsewhere has no words to choose from. */
export function otherVersions({ conflict }: Pick<NoteRow, 'conflict'>): OtherVersion[] {
  if (typeof conflict !== 'object' || conflict === null || Array.isArray(conflict)) return [];
  return Object.entries(conflict).flatMap(([field, sides]) => {
    if (field === 'deck_id' || !isSides(sides)) return [];
    return [{ field, kept: sides.kept, other: sides.other }];
  });
}

function isSides(sides: Json): sides is { kept: string; other: string } {
  if (typeof sides !== 'object' || sides === null || Array.isArray(sides)) return false;
  return typeof sides.kept === 'string' && typeof sides.other === 'string';
}
