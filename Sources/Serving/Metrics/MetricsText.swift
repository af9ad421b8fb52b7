/// Puts metrics in the text format of Prometheus together, version 0.0.4.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsText {
  /// The media type of the text.
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  /// The text so far, in UTF-8.
  private(set) var bytes: [UInt8] = []
  private var name: [UInt8] = []

  /// An empty text with room for so many samples.
  init(samples: Int) {
    bytes.reserveCapacity(samples * 100)
  }

  /// Begins a metric; its samples follow.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    self.name = Array(name.utf8)
    append("# HELP \(name) ")
    appendEscaped(help, quotes: .kept)
    append("\n# TYPE \(name) \(kind.rawValue)\n")
  }

  /// Adds a metric of one sample without labels.
  mutating func add(_ name: String, _ kind: Kind, _ value: MetricNumber, _ help: String) {
    begin(name, kind, help)
    sample([], value)
  }

  /// Adds a sample of the metric that was begun last; `suffix` names a part of a histogram.
  mutating func sample(
    suffix: String = "", _ labels: [(name: String, value: String)], _ value: MetricNumber
  ) {
    bytes += name
    append(suffix)
    for (index, label) in labels.enumerated() {
      append(index == 0 ? "{" : ",")
      append(label.name)
      append("=\"")
      appendEscaped(label.value, quotes: .escaped)
      append("\"")
    }
    append(labels.isEmpty ? " " : "} ")
    append(value.text)
    append("\n")
  }

  private mutating func append(_ text: String) { bytes += text.utf8 }

  private enum Quotes {
    case kept
    case escaped
  }

  private mutating func appendEscaped(_ text: String, quotes: Quotes) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\"") where quotes == .escaped: append("\\\"")
      case _: bytes.append(byte)
      }
    }
  }
}

/// The value of a sample.
enum MetricNumber {
  case integer(Int)
  case seconds(Duration)

  init(_ isSo: Bool) { self = .integer(isSo ? 1 : 0) }

  /// Seconds with as many digits as are not zero, nanoseconds at most.
  var text: String {
    switch self {
    case .integer(let integer): return String(integer)
    case .seconds(let duration):
      let (seconds, attoseconds) = duration.components
      let nanoseconds = abs(attoseconds / 1_000_000_000)
      guard nanoseconds > 0 else { return String(seconds) }
      let digits = String(nanoseconds)
      var fraction = String(repeating: "0", count: 9 - digits.count) + digits
      while fraction.hasSuffix("0") { fraction.removeLast() }
      let sign = seconds == 0 && attoseconds < 0 ? "-" : ""
      return "\(sign)\(seconds).\(fraction)"
    }
  }
}
