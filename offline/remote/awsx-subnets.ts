/**
 * `offline/remote/`: components that another program makes, the plugin of their package.
 *
 * Where `awsx.ec2.Vpc` puts its subnets (pulumi/pulumi-awsx 3.9, `awsx/ec2/subnetDistributor*.ts`).
 */

export interface SubnetSpec {
  readonly type: string;
  readonly name?: string;
  readonly cidrMask?: number;
  readonly cidrBlocks?: readonly string[];
  readonly tags?: Readonly<Record<string, unknown>>;
}

export interface PlacedSubnet extends SubnetSpec {
  readonly cidrBlock: string;
}

/** @returns the subnets of each zone, in the order of their specs; undefined for a layout that is not known here. */
export function placedSubnets(
  vpcCidr: string,
  zones: number,
  strategy: string,
  specs: readonly SubnetSpec[] | undefined,
): PlacedSubnet[][] | undefined {
  const whole = blockOf(vpcCidr);
  if (whole === undefined || zones < 1) return undefined;
  const zoneMask = whole.mask + Math.ceil(Math.log2(zones));
  const starts = [...Array(zones).keys()].map((zone) => whole.start + zone * sizeOf(zoneMask));
  if (specs === undefined) {
    if (strategy === "Legacy") return starts.map((start) => inHalves(start, zoneMask));
    if (strategy !== "Auto") return undefined;
    const mask = Math.max(zoneMask, 16);
    return starts.map((start) =>
      inTurn(start, [
        { type: "Private", cidrMask: mask + 1 },
        { type: "Public", cidrMask: mask + 2 },
      ]),
    );
  }
  if (strategy === "Legacy" || strategy === "AutoMerge" || specs.length === 0) return undefined;
  if (specs.some(({ cidrBlocks }) => cidrBlocks)) return explicit(zones, specs);
  const mask = zoneMask + Math.ceil(Math.log2(specs.length));
  return starts.map((start) =>
    inTurn(
      start,
      specs.map((spec) => ({ ...spec, cidrMask: spec.cidrMask ?? mask })),
    ),
  );
}

/** Half of the zone is private, a quarter public, the rest unused. */
const inHalves = (start: number, zoneMask: number): PlacedSubnet[] => [
  { type: "Private", cidrBlock: textOf(start, zoneMask + 1) },
  { type: "Public", cidrBlock: textOf(start + sizeOf(zoneMask + 1), zoneMask + 2) },
];

/** Each begins at the first address behind the one before it that its size allows. */
function inTurn(
  start: number,
  specs: readonly (SubnetSpec & { readonly cidrMask: number })[],
): PlacedSubnet[] {
  let next = start;
  return specs.map((spec) => {
    const size = sizeOf(spec.cidrMask);
    const begin = Math.ceil(next / size) * size;
    next = begin + size;
    return { ...spec, cidrBlock: textOf(begin, spec.cidrMask) };
  });
}

function explicit(zones: number, specs: readonly SubnetSpec[]): PlacedSubnet[][] | undefined {
  const all = [...Array(zones).keys()].map((zone) =>
    specs.flatMap((spec) => {
      const cidrBlock = spec.cidrBlocks?.[zone];
      return cidrBlock === undefined ? [] : { ...spec, cidrBlock };
    }),
  );
  return all.every((one) => one.length === specs.length) ? all : undefined;
}

const sizeOf = (mask: number): number => 2 ** (32 - mask);

/** Addresses, as numbers. */
export interface Block {
  readonly start: number;
  readonly size: number;
  readonly mask: number;
}

export function blockOf(cidr: string): Block | undefined {
  const [, a, b, c, d, mask] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr) ?? [];
  if (mask === undefined) return undefined;
  const start = [a, b, c, d].reduce((sum, part) => sum * 256 + Number(part), 0);
  return { start, size: sizeOf(Number(mask)), mask: Number(mask) };
}

const textOf = (start: number, mask: number): string =>
  `${[24, 16, 8, 0].map((bits) => Math.floor(start / 2 ** bits) % 256).join(".")}/${mask}`;
