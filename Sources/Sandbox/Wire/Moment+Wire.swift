import FoundationEssentials
import Operations

extension Moment {
  /// ISO 8601 in whole seconds, with the offset as a dialect writes it.
  func text(_ dialect: Dialect) -> String {
    switch dialect.timestamps {
    case .offset: wireText
    case .zulu: "\(wireText.dropLast(6))Z"
    }
  }

  /// ISO 8601 in whole seconds with a numeric offset, as the official examples (protocol.md §1).
  var wireText: String {
    let seconds = TimeInterval(nanoseconds / 1_000_000_000)
    return "\(Date(timeIntervalSince1970: seconds).formatted(.iso8601).dropLast())+00:00"
  }
}
