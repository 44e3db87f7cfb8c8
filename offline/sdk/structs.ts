import struct from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * In place of protobuf's `Struct.fromJavaScript`: requests and replies stay in this process, so their properties are
 * carried as they are, and not turned into messages and back, which is most of what a message costs.
 */
export const structOf = (properties: Record<string, struct.JavaScriptValue>): struct.Struct =>
  new CarriedStruct(properties);

class CarriedStruct extends struct.Struct {
  readonly #properties: Record<string, struct.JavaScriptValue>;

  constructor(properties: Record<string, struct.JavaScriptValue>) {
    super();
    this.#properties = properties;
  }

  override toJavaScript(): Record<string, struct.JavaScriptValue> {
    return this.#properties;
  }

  /** By name, as the SDK reads a resource that another one returned. */
  override getFieldsMap() {
    const fields = super.getFieldsMap();
    for (const [name, value] of Object.entries(this.#properties))
      fields.set(name, struct.Value.fromJavaScript(value));
    return fields;
  }
}
