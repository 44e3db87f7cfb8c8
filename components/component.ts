/** What every component of this library has in common. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy, namesItsAccount } from "./iam.ts";
import { type Retain, retainIn, retainOptions } from "./retain.ts";

export interface TenantComponentArgs {
  /** Tenant that owns the resources: `[a-z][a-z0-9-]{1,30}`, e.g. `"acme"`. */
  tenant: string;
  /** Name of the tenant's tier, for tags and policies. Default `"custom"`. */
  tier?: string;
  /**
   * What happens to the data when the tenant or the component is removed from the stack. Default
   * `"protect"`. Archives, audit trails and access logs treat `"protect"` as `"retain"`, so that they can
   * be turned off.
   */
  retain?: Retain;
  /**
   * Additional tags on every resource that takes tags. `chatstack:tenant` and `chatstack:tier` are always
   * set.
   */
  tags?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * ARN of a managed policy that limits what the component's roles can do, whatever their own policies
   * allow (IAM User Guide, "Permissions boundaries for IAM entities"). Default: no limit.
   */
  permissionsBoundaryArn?: pulumi.Input<string>;
}

/**
 * Edits the arguments and options of one underlying resource in place, before it is created. A callback and
 * not a merged object, because merging would drop nested security settings by accident.
 *
 * @example
 * transform: { table: (args) => { args.tableClass = "STANDARD_INFREQUENT_ACCESS"; } }
 */
export type Transform<Args> = (args: Args, options: pulumi.CustomResourceOptions) => void;

/** Arguments and options of one underlying resource, as its owner wants them. */
export type DescribeResource = <Args>(
  args: Args,
  transform?: Transform<Args>,
  extra?: pulumi.CustomResourceOptions,
) => [Args, pulumi.CustomResourceOptions];

/** Base of the components: tags, options by `retain`, transforms and registered outputs. */
export abstract class TenantComponent extends pulumi.ComponentResource {
  readonly tenant: string;
  readonly tier: string;
  readonly retain: Retain;
  protected readonly tags: Record<string, pulumi.Input<string>>;
  readonly #label: string;
  readonly #permissionsBoundaryArn: pulumi.Input<string> | undefined;

  protected constructor(
    typeName: string,
    name: string,
    args: TenantComponentArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    const type = `chatstack:index:${typeName}`;
    super(type, name, {}, options);
    this.#label = `${typeName} "${name}"`;
    this.tenant = args.tenant;
    this.tier = args.tier ?? "custom";
    this.retain = retainIn(type, args.retain ?? "protect");
    this.#permissionsBoundaryArn = args.permissionsBoundaryArn;
    this.tags = {
      ...args.tags,
      "chatstack:tenant": this.tenant,
      "chatstack:tier": this.tier,
    };
    if (!tenantPattern.test(this.tenant)) {
      this.refuse("tenant", this.tenant, `a name that matches ${tenantPattern.source}`);
    }
  }

  /** For configuration: a resource that the stack file makes, changes and removes. */
  protected readonly resource: DescribeResource = (args, transform, extra) => {
    const options: pulumi.CustomResourceOptions = { parent: this, ...extra };
    transform?.(args, options);
    return [args, options];
  };

  /**
   * For a resource that holds data, or guards it: `retain` applies. Which ones do is for
   * `policies/tenancy/holdings.ts` to say.
   */
  protected readonly dataResource: DescribeResource = (args, transform, extra) =>
    this.resource(args, transform, { ...retainOptions(this.retain), ...extra });

  /** Arguments of a role that one AWS service assumes, e.g. `"lambda.amazonaws.com"`. */
  protected roleArgs(service: string): aws.iam.RoleArgs {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return {
      assumeRolePolicy: assumableBy(
        service,
        namesItsAccount(service) ? { StringEquals: { "aws:SourceAccount": accountId } } : undefined,
      ),
      ...(this.#permissionsBoundaryArn !== undefined && {
        permissionsBoundary: this.#permissionsBoundaryArn,
      }),
      tags: this.tags,
    };
  }

  /** What a component passes on to the components that it is made of. */
  protected get inherited(): TenantComponentArgs {
    return {
      tenant: this.tenant,
      tier: this.tier,
      retain: this.retain,
      tags: this.tags,
      permissionsBoundaryArn: this.#permissionsBoundaryArn,
    };
  }

  /** Must be the constructor's last call: policies read these outputs. */
  protected register(outputs: pulumi.Inputs): void {
    this.registerOutputs({
      tenant: this.tenant,
      tier: this.tier,
      retain: this.retain,
      ...outputs,
    });
  }

  /** Ends the run with one line: which component and argument, what was found, what is allowed. */
  protected refuse(argument: string, found: unknown, allowed: string): never {
    throw new pulumi.RunError(
      `${this.#label}: ${argument}: found ${JSON.stringify(found)}; allowed: ${allowed}`,
    );
  }

  /** For components that make buckets, whose names begin with the component's. */
  protected requireBucketName(name: string): void {
    if (reservedForBuckets.test(`${name}-`)) {
      this.refuse("name", name, "a name that does not begin with xn--, sthree- or amzn-s3-demo-");
    }
  }

  /** Refuses a number outside `[min, max]` or with a fraction. */
  protected requireInteger(argument: string, found: number, min: number, max: number): void {
    if (!Number.isInteger(found) || found < min || found > max) {
      this.refuse(argument, found, `a whole number from ${min} to ${max}`);
    }
  }
}

/** Short enough for every name that is derived from it, and safe in ARNs, host names and paths. */
export const tenantPattern = /^[a-z][a-z0-9-]{1,30}$/;

/** How no bucket's name may begin (Amazon S3 User Guide, "General purpose bucket naming rules"). */
export const reservedForBuckets = /^(xn--|sthree-|amzn-s3-demo-)/;
