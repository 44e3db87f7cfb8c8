/** Pictures of a stack as SVG, laid out by Graphviz. Their colours are CSS, for light and dark. */
import { type Graph, instance, type Node, type Subgraph } from "@viz-js/viz";
import { type Box, boxesOf, contentLines } from "./boxes.ts";
import type { Arrow, Room } from "./rooms.ts";
import { namesOf, type Shape } from "./shapes.ts";

/**
 * Style of the pictures. Around them, `color-scheme: light dark` makes the colours follow the reader.
 * Graphviz measures Helvetica; the fonts that stand in for it are wider, so the text is drawn smaller.
 */
export const pictureStyle = `
.topology text[font-size="11.00"] { font-size: 9.3px; }
.topology text[font-weight="bold"] { font-size: 8.7px; }
.topology text[font-size="9.00"] { font-size: 7.7px; }
.topology text { fill: light-dark(#1f2328, #e6edf3); }
.topology .cluster > path { fill: light-dark(#f6f8fa, #161b22); stroke: light-dark(#d1d9e0, #30363d); }
.topology .room :is(path, ellipse) { fill: light-dark(#ffffff, #0d1117); stroke: light-dark(#818b98, #656c76); }
.topology .kept path { stroke: light-dark(#0969da, #4493f8); stroke-width: 2.5; }
.topology .edge path { stroke: light-dark(#818b98, #656c76); }
.topology .edge polygon { fill: light-dark(#818b98, #656c76); stroke: light-dark(#818b98, #656c76); }
.topology .encryption { opacity: 0.45; }
`.trim();

/**
 * One picture of the shapes: rooms with a strong line outlive the stack, faint dotted arrows lead to
 * encryption keys, an arrow's tooltip names the inputs that make it.
 */
export const svg = (shapes: readonly Shape[]): Promise<string> => drawn(graphOf(shapes));

/** The same as a file of its own. */
export const svgFile = async (shapes: readonly Shape[]): Promise<string> =>
  asFile(await svg(shapes));

/** A graph of Graphviz's, or its text, in the classes that `pictureStyle` knows. */
export async function drawn(graph: Graph | string): Promise<string> {
  const viz = await instance();
  const text = viz.renderString(graph, { format: "svg" });
  // Without its prolog it may stand in a page.
  return text.slice(text.indexOf("<svg")).replace("<svg ", '<svg class="topology" ');
}

export function asFile(picture: string): string {
  const page = "svg { color-scheme: light dark; background: light-dark(#ffffff, #0d1117); }";
  const style = `<style>\n${page}\n${pictureStyle}\n</style>`;
  return picture.replace(/<svg[^>]*>/, (tag) => `${tag}\n${style}`);
}

function graphOf(shapes: readonly Shape[]): Graph {
  const rooms = shapes.flatMap(({ topology }) => topology.rooms);
  const keys = new Set(rooms.filter(holdsKey).map(({ urn }) => urn));
  const [only, ...others] = shapes;
  return {
    directed: true,
    graphAttributes: { rankdir: "LR", bgcolor: "transparent", nodesep: 0.25, ranksep: 0.6 },
    nodeAttributes: { shape: "box", style: "rounded", fontname: font, fontsize: 11, margin: 0.12 },
    ...(only && others.length === 0
      ? contentsOf(boxesOf(only.topology))
      : {
          subgraphs: shapes.map((shape, index) =>
            cluster(`${index}`, namesOf(shape), boxesOf(shape.topology)),
          ),
        }),
    edges: shapes.flatMap(({ topology }) =>
      topology.arrows.map((arrow) => ({
        tail: arrow.from,
        head: arrow.to,
        attributes: attributesOf(arrow, keys),
      })),
    ),
  };
}

const holdsKey = ({ kind, contents }: Room): boolean =>
  kind === "Key" || contents.some((one) => one.kind === "Key");

const font = "Helvetica,Arial,sans-serif";

function attributesOf({ to, inputs }: Arrow, keys: ReadonlySet<string>) {
  const shared = { edgetooltip: inputs.join(", "), arrowsize: 0.7 };
  return keys.has(to) ? { ...shared, class: "encryption", style: "dotted" } : shared;
}

function contentsOf({ rooms, boxes }: Box): { nodes: Node[]; subgraphs: Subgraph[] } {
  return {
    nodes: rooms.map((room) => ({
      name: room.urn,
      attributes: {
        ...(room.isOutside && { shape: "ellipse" }),
        class: room.isKept ? "room kept" : "room",
        label: { html: label(room) },
        tooltip: `${room.kind} ${room.name}`.trim(),
      },
    })),
    subgraphs: boxes.map((box) => cluster(box.place?.urn ?? "", box.place?.kind ?? "", box)),
  };
}

function cluster(id: string, label: string, box: Box): Subgraph {
  return {
    name: `cluster_${id}`,
    graphAttributes: { label, labeljust: "l", style: "rounded", fontname: font, fontsize: 11 },
    ...contentsOf(box),
  };
}

/** In Graphviz's HTML-like labels. */
function label(room: Room): string {
  const small = contentLines(room).map((line) => `<font point-size="9">${text(line)}</font>`);
  const name = room.name === "" ? [] : [text(room.name)];
  const lines = [`<b>${text(room.kind)}</b>`, ...name, ...small];
  return lines.map((line) => `${line}<br align="left"/>`).join("");
}

const text = (raw: string): string =>
  raw.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
