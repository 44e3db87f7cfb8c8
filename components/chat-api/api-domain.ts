/** A host name of the tenant's own in front of the API, with its certificate and its DNS records. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type Addresses, endpointOf } from "./addresses.ts";

/** Certificates, domain names and alias queries are free. A hosted zone must exist already. */
export interface ApiDomainSettings {
  /** E.g. `"chat.acme.example"`. */
  readonly name: string;
  /**
   * Id of the Route 53 zone of the name. The component adds the alias record, and the record that validates
   * the certificate. Without it, add an alias record to `nodes.domain.regionalDomainName` yourself.
   */
  readonly hostedZoneId?: pulumi.Input<string>;
  /** ARN of a certificate in the API's region. Default: a new one, which needs `hostedZoneId`. */
  readonly certificateArn?: pulumi.Input<string>;
}

export interface ApiDomainArgs extends TenantComponentArgs, ApiDomainSettings {
  restApi: aws.apigateway.RestApi;
  stage: aws.apigateway.Stage;
  securityPolicy: string;
  /** As of the API. With `"dualstack"` the name gets an `AAAA` record beside the `A` record. */
  addresses?: Addresses;
  transform?: ApiDomainTransform;
}

export interface ApiDomainTransform {
  certificate?: Transform<aws.acm.CertificateArgs>;
  domainName?: Transform<aws.apigateway.DomainNameArgs>;
  basePathMapping?: Transform<aws.apigateway.BasePathMappingArgs>;
  record?: Transform<aws.route53.RecordArgs>;
}

export class ApiDomain extends TenantComponent {
  /** `https://<name>`: no stage, as the app sees the same paths as at the API's own address. */
  readonly url: string;
  readonly nodes: {
    /** Absent where the certificate was there already. */
    readonly certificate?: aws.acm.Certificate;
    readonly domain: aws.apigateway.DomainName;
    readonly mapping: aws.apigateway.BasePathMapping;
    /** Absent without a hosted zone. */
    readonly record?: aws.route53.Record;
    /** The same for IPv6; absent with `"ipv4"` too. */
    readonly record6?: aws.route53.Record;
  };

  constructor(name: string, args: ApiDomainArgs, options?: pulumi.ComponentResourceOptions) {
    super("ApiDomain", name, args, options);
    const { hostedZoneId, transform } = args;

    const { certificate, certificateArn } = this.#certify(name, args);
    const domain = new aws.apigateway.DomainName(
      name,
      ...this.resource(
        {
          domainName: args.name,
          regionalCertificateArn: certificateArn,
          endpointConfiguration: endpointOf(args),
          securityPolicy: args.securityPolicy,
          endpointAccessMode: "STRICT",
          tags: this.tags,
        },
        transform?.domainName,
      ),
    );
    const mapping = new aws.apigateway.BasePathMapping(
      name,
      ...this.resource(
        // No base path: Lambda would find it in front of every path.
        {
          domainName: domain.domainName,
          restApi: args.restApi.id,
          stageName: args.stage.stageName,
        },
        transform?.basePathMapping,
      ),
    );
    const alias = (suffix: string, type: "A" | "AAAA") =>
      hostedZoneId === undefined
        ? undefined
        : new aws.route53.Record(
            `${name}${suffix}`,
            ...this.resource(
              {
                zoneId: hostedZoneId,
                name: args.name,
                type,
                aliases: [
                  {
                    name: domain.regionalDomainName,
                    zoneId: domain.regionalZoneId,
                    evaluateTargetHealth: false,
                  },
                ],
              },
              transform?.record,
            ),
          );
    const record = alias("", "A");
    const record6 = args.addresses === "dualstack" ? alias("-ipv6", "AAAA") : undefined;

    this.url = `https://${args.name}`;
    this.nodes = { certificate, domain, mapping, record, record6 };
    this.register({ url: this.url });
  }

  /** A certificate is issued once its record is in the zone; the domain must wait for that. */
  #certify(name: string, { name: domainName, hostedZoneId, transform, ...args }: ApiDomainArgs) {
    if (args.certificateArn !== undefined) return { certificateArn: args.certificateArn };
    if (hostedZoneId === undefined) {
      return this.refuse("domain", { name: domainName }, "a hostedZoneId or a certificateArn");
    }
    const certificate = new aws.acm.Certificate(
      name,
      ...this.resource(
        { domainName, validationMethod: "DNS", tags: this.tags },
        transform?.certificate,
      ),
    );
    const proof = certificate.domainValidationOptions.apply(([option]) => {
      if (!option) throw new Error(`certificate of ${domainName}: ACM asks for no record`);
      return option;
    });
    const record = new aws.route53.Record(
      `${name}-validation`,
      ...this.resource({
        zoneId: hostedZoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
      }),
    );
    const validation = new aws.acm.CertificateValidation(
      name,
      ...this.resource({
        certificateArn: certificate.arn,
        validationRecordFqdns: [record.fqdn],
      }),
    );
    return { certificate, certificateArn: validation.certificateArn };
  }
}
