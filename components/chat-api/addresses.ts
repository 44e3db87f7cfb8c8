/** Which IP addresses may call an API and its domain. */
export type Addresses = "ipv4" | "dualstack";

/** The type of addresses is left out where it is AWS's own default. */
export const endpointOf = ({ addresses = "ipv4" }: { readonly addresses?: Addresses }) => ({
  types: "REGIONAL",
  ...(addresses !== "ipv4" && { ipAddressType: addresses }),
});
