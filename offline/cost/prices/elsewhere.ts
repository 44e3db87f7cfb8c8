/**
 * Regions beside US East (N. Virginia), and where their prices are from. AWS's price list cannot be reached from here, so
 * that each is what somebody else has quoted from it on a day. A price that nobody was found to quote is not here.
 */
import type { Price } from "./price.ts";

export const otherRegions = [
  "eu-central-1",
  "eu-west-1",
  "eu-north-1",
  "ap-northeast-1",
  "us-west-2",
] as const;

/** What the same thing costs in other regions, and who says so. */
export type Elsewhere = Readonly<
  Partial<Record<OtherRegion, readonly [amount: string, ...SourceName[]]>>
>;

export interface Description extends Price {
  readonly elsewhere: Elsewhere;
}

type OtherRegion = (typeof otherRegions)[number];

interface Source {
  readonly where: string;
  /** Day of the price list that it quotes, or on which it was looked up: `YYYY-MM-DD`. */
  readonly asOf: string;
  /** Whether it quotes AWS's offer file by usage type, so that it needs no second. */
  readonly quotesOffer?: true;
}

const github = (path: string) => `https://github.com/${path}`;
const quoted = (by: string) => `AWS price list, as ${by} quotes it`;

export const sources = {
  backupDesign: { where: quoted("a public backup design for Tokyo"), asOf: "2026-08-31" },
  calculator: {
    where: github("catchmeif404/aws-cost-calculator: backend/src/main/resources/pricing"),
    asOf: "2026-09-03",
  },
  capacityTools: {
    where: github("awslabs/amazon-dynamodb-tools: archived/reco/src/ddb_rc_reco/config.py"),
    asOf: "2026-01-14",
  },
  dublinEstimate: { where: quoted("a public estimate for Ireland"), asOf: "2026-09-30" },
  dublinNetwork: {
    where: quoted("a public network estimate for Ireland"),
    ...{ asOf: "2026-10-02", quotesOffer: true },
  },
  dublinOffers: {
    where: github("mamtha4u/SDLC: backend/config/pricing_eu-west-1.json"),
    ...{ asOf: "2026-10-02", quotesOffer: true },
  },
  dublinQueries: { where: quoted("a public analytics estimate for Ireland"), asOf: "2026-05-01" },
  dublinRates: {
    where: github("henderjm/world-cup-sweepstake: docs/costs/aws-ireland-rates.json"),
    ...{ asOf: "2026-10-04", quotesOffer: true },
  },
  eventPrices: {
    where: github("labofsahil/aws-pricing-dataset: AWSEvents.csv"),
    asOf: "2026-11-30",
  },
  frankfurtApi: {
    where: quoted("a public API estimate for Frankfurt"),
    ...{ asOf: "2026-08-12", quotesOffer: true },
  },
  frankfurtCosts: {
    where: quoted("the public sizing of Domora for Frankfurt"),
    asOf: "2026-10-07",
  },
  frankfurtLogs: { where: quoted("a public estimate for Frankfurt"), asOf: "2026-09-11" },
  frankfurtStorage: {
    where: quoted("a public storage estimate for Frankfurt"),
    ...{ asOf: "2026-08-31", quotesOffer: true },
  },
  lambdaTable: {
    where: "https://aws.amazon.com/lambda/pricing/, as a public table of it has exceptions",
    asOf: "2026-11-30",
  },
  litellm: { where: "https://pypi.org/project/litellm/1.110.2/", asOf: "2026-11-30" },
  oregonEndpoints: {
    where: quoted("a public endpoint estimate for Oregon"),
    asOf: "2026-11-30",
  },
  oregonRates: { where: quoted("a public rate card for Oregon"), asOf: "2026-08-08" },
  oregonRecovery: {
    where: quoted("a public recovery plan for Oregon"),
    ...{ asOf: "2026-08-31", quotesOffer: true },
  },
  oregonStorage: {
    where: quoted("a public storage estimate for Oregon"),
    ...{ asOf: "2026-08-01", quotesOffer: true },
  },
  stockholmLogs: {
    where: quoted("a public monitoring estimate for Stockholm"),
    asOf: "2026-10-10",
  },
  stockholmGateways: {
    where: quoted("a public network estimate for Stockholm"),
    ...{ asOf: "2026-08-04", quotesOffer: true },
  },
  stockholmMonth: { where: "the same estimate for Stockholm, by the month", asOf: "2026-08-04" },
  stockholmSignIn: { where: quoted("a public sign-in note for Stockholm"), asOf: "2026-11-30" },
  stockholmStorage: {
    where: quoted("a public storage estimate for Stockholm"),
    asOf: "2026-08-30",
  },
  stockholmTables: { where: quoted("a public recovery plan for Stockholm"), asOf: "2026-09-11" },
  terrato: {
    where: github("geawilliamsUK/TerraTofuGUi: definitions/prices/aws.toml"),
    asOf: "2026-09-29",
  },
  tokyoBlogs: { where: "two blogs on DynamoDB in Tokyo, approximate", asOf: "2026-11-30" },
  tokyoKeys: {
    where: quoted("a public analytics estimate for Tokyo"),
    ...{ asOf: "2026-09-28", quotesOffer: true },
  },
  tokyoList: {
    where: quoted("a public list for Tokyo"),
    ...{ asOf: "2026-08-17", quotesOffer: true },
  },
  tokyoModel: {
    where: quoted("a public cost model for Tokyo"),
    ...{ asOf: "2026-09-23", quotesOffer: true },
  },
  tokyoPrices: { where: github("HJC96/malssum-haru: infra/cost/prices.json"), asOf: "2026-09-24" },
} as const satisfies Readonly<Record<string, Source>>;

type SourceName = keyof typeof sources;

/** For what a source says costs the same in each region. */
export const everywhere = (amount: string, ...names: readonly SourceName[]): Elsewhere =>
  Object.fromEntries(otherRegions.map((region) => [region, [amount, ...names]]));

/** Between the sources of a price. */
export const separator = "; ";

/** Undefined where nobody was found to quote it. One that is not AWS's price list itself needs a second that agrees. */
export function priceIn(
  region: OtherRegion,
  { per, unit, elsewhere }: Description,
): Price | undefined {
  const [amount, ...names] = elsewhere[region] ?? [];
  if (amount === undefined) return undefined;
  const all: readonly Source[] = names.map((name) => sources[name]);
  return {
    ...{ amount, per, unit },
    source: all.map((one) => `${one.where} (${one.asOf})`).join(separator),
    asOf:
      all
        .map(({ asOf }) => asOf)
        .toSorted()
        .at(-1) ?? "",
    confirmed: all.length > 1 || all.some(({ quotesOffer }) => quotesOffer),
  };
}
