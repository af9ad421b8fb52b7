/// Where unpredictable bytes come from.
package struct RandomBytes: Sendable {
  /// Draws that many bytes.
  package let draw: @Sendable (Int) -> [UInt8]

  package init(draw: @escaping @Sendable (Int) -> [UInt8]) {
    self.draw = draw
  }

  /// The operating system's source.
  package static let system = RandomBytes { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
