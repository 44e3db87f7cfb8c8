/** Returns a port that uses `methods` where they are given, and the methods of `port` for all else. */
export function replacing<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, {
    get(target, name) {
      if (Reflect.has(methods, name)) return Reflect.get(methods, name);
      const member: unknown = Reflect.get(target, name, target);
      // The methods may use private fields, which the port has and the proxy has not.
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
