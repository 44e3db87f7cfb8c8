/** Parts of AWS that share nothing: each has a name in ARNs and a domain of its own. */

export interface Partition {
  /** Second part of its ARNs. */
  readonly partition: string;
  /** Ends the host names of its services. */
  readonly dnsSuffix: string;
  /** Begins the names of its VPC endpoint services, gateway endpoints of China apart. */
  readonly reverseDnsPrefix: string;
}

/** The partition that a region is in, by the beginning of its name (botocore, `partitions.json`). */
export const partitionOf = (region: string): Partition =>
  others.find(({ regions }) => regions.test(region)) ?? commercial;

/** How a service is named where it acts in a region: `s3.eu-west-1.amazonaws.com`. */
export const serviceHost = (service: string, region: string): string =>
  `${service}.${region}.${partitionOf(region).dnsSuffix}`;

const commercial: Partition = {
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  reverseDnsPrefix: "com.amazonaws",
};

const others: readonly (Partition & { readonly regions: RegExp })[] = [
  {
    regions: /^cn-/,
    partition: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
    reverseDnsPrefix: "cn.com.amazonaws",
  },
  {
    regions: /^us-gov-/,
    partition: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  },
  {
    regions: /^eusc-/,
    partition: "aws-eusc",
    dnsSuffix: "amazonaws.eu",
    reverseDnsPrefix: "eu.amazonaws",
  },
];
