import Events

extension [RunLabel] {
  /// Such as `tenant=acme region=eu`.
  var text: String { map(\.description).joined(separator: " ") }
}
