package import Operations

/// Trace context as it passes between processes: `traceparent` and `tracestate` (W3C Trace Context).
package struct TraceParent: Sendable, Hashable {
  /// The header, and in upper case the variable, with the ids.
  package static let name = "traceparent"
  /// The header, and in upper case the variable, with what vendors add.
  package static let stateName = "tracestate"
  /// The longest `tracestate` that is passed on, in bytes (§3.3.1.5).
  private static let longestState = 512

  /// The span that others continue.
  package var identity: SpanIdentity
  /// What vendors add, passed on as it is; nil for nothing.
  package var state: String?

  /// The context of `identity`.
  package init(_ identity: SpanIdentity, state: String? = nil) {
    self.identity = identity
    self.state = state
  }

  /// Reads a `traceparent` of version 00 or higher; nil where it is none.
  ///
  /// A `tracestate` that could not be sent as a header is left out.
  package init?(_ text: String, state: String? = nil) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].utf8.count == 2, parts[3].utf8.count == 2,
      let version = UInt64(hexadecimal: parts[0].utf8), version != 0xff,
      version > 0 || parts.count == 4,
      let trace = TraceID(parts[1]), let span = SpanID(parts[2]),
      let flags = UInt64(hexadecimal: parts[3].utf8)
    else { return nil }
    identity = SpanIdentity(trace: trace, span: span, isSampled: flags & 1 == 1)
    identity.isRemote = true
    self.state = state.flatMap { state in
      let isSendable =
        !state.isEmpty && state.utf8.count <= Self.longestState
        && state.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      return isSendable ? state : nil
    }
  }

  /// The context in the variables `TRACEPARENT` and `TRACESTATE`, by which a pipeline hands its span on.
  package init?(environment: [String: String]) {
    guard let text = environment[Self.name.uppercased()] else { return nil }
    self.init(text, state: environment[Self.stateName.uppercased()])
  }

  /// A sentence without a full stop about a variable `TRACEPARENT` that is ignored; nil where it is not.
  package static func warning(about environment: [String: String]) -> String? {
    let variable = name.uppercased()
    guard environment[variable]?.isEmpty == false, TraceParent(environment: environment) == nil
    else { return nil }
    return "\(variable) is not a trace context such as "
      + "`00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, and is ignored"
  }

  /// The value of the header `traceparent`.
  package var text: String {
    "00-\(identity.trace)-\(identity.span)-\(identity.isSampled ? "01" : "00")"
  }

  /// The headers of a request that continues the trace.
  package var headers: [HTTPField] {
    [HTTPField(Self.name, text)] + (state.map { [HTTPField(Self.stateName, $0)] } ?? [])
  }
}
