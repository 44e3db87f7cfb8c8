/** Of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), as usual. */
const saturation = 1.2;
const lengthWeight = 0.75;

/**
 * Ranks texts by the words they share with a query: Okapi BM25, rare words counting more than common
 * ones. Answers indexes, the best first, and only of texts that share a word. It knows no synonyms
 * and no inflection: what is asked in other words than the document's is not found.
 */
export function rank(texts: readonly string[], query: string): number[] {
  const wanted = new Set(words(query));
  if (wanted.size === 0) return [];
  const counted = texts.map((text) => count(words(text), wanted));
  const average = counted.reduce((sum, { length }) => sum + length, 0) / (texts.length || 1);
  const weights = new Map(
    [...wanted].map((word) => {
      const having = counted.filter(({ counts }) => counts.has(word)).length;
      return [word, Math.log(1 + (texts.length - having + 0.5) / (having + 0.5))];
    }),
  );
  return counted
    .map(({ counts, length }, index) => {
      const norm = saturation * (1 - lengthWeight + (lengthWeight * length) / (average || 1));
      const score = [...counts].reduce(
        (sum, [word, times]) =>
          sum + ((weights.get(word) ?? 0) * times * (saturation + 1)) / (times + norm),
        0,
      );
      return { index, score };
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .map(({ index }) => index);
}

function count(all: readonly string[], wanted: ReadonlySet<string>) {
  const counts = new Map<string, number>();
  for (const word of all) if (wanted.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, length: all.length };
}

/** Scripts that put no spaces between words: each pair of neighbours counts as one. */
const scripts = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}";
const unspaced = new RegExp(`^[${scripts}]`, "v");
const run = new RegExp(`[${scripts}]+|[[\\p{L}\\p{N}]--[${scripts}]]+`, "gv");

/** Words and numbers in lower case and without accents, so that "Café" meets "CAFE". */
export function words(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  const runs = plain.match(run) ?? [];
  return runs.flatMap((found) => (unspaced.test(found) ? pairs(found) : [found]));
}

function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
