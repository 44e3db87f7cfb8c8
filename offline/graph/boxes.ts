/**
 * `offline/graph/`: a stack's resources as a picture.
 *
 * Rooms sorted into the components around them, as pictures draw them: boxes in boxes.
 */
import type { Place, Room, Topology } from "./rooms.ts";

export interface Box {
  /** Absent on the outermost, which has no line around it. */
  readonly place?: Place;
  readonly rooms: readonly Room[];
  readonly boxes: readonly Box[];
}

export function boxesOf({ rooms }: Topology): Box {
  // A component with others in it is drawn around them, and its own resources as a room among them.
  const surrounding = new Set(rooms.flatMap(({ within }) => within.map(({ urn }) => urn)));
  const placed = rooms.map((room) => {
    const own = surrounding.has(room.urn) ? [{ urn: room.urn, kind: room.kind }] : [];
    return { room, path: [...room.within, ...own] };
  });
  return boxOf(undefined, placed, 0);
}

function boxOf(
  place: Place | undefined,
  placed: readonly { readonly room: Room; readonly path: readonly Place[] }[],
  depth: number,
): Box {
  const deeper = Map.groupBy(
    placed.filter(({ path }) => path.length > depth),
    ({ path }) => path[depth]?.urn,
  );
  return {
    ...(place && { place }),
    rooms: placed.flatMap(({ room, path }) => (path.length === depth ? [room] : [])),
    boxes: [...deeper.values()].map((inside) => boxOf(inside[0]?.path[depth], inside, depth + 1)),
  };
}

/** More classes than this are counted together. */
const listedKinds = 6;

/** What a room says it holds, a line each: `2 LogGroup`. */
export function contentLines({ contents }: Room): string[] {
  const listed = contents
    .slice(0, listedKinds)
    .map(({ kind, count }) => (count === 1 ? kind : `${count} ${kind}`));
  const rest = contents.slice(listedKinds).reduce((sum, { count }) => sum + count, 0);
  return rest > 0 ? [...listed, `and ${rest} more`] : listed;
}
