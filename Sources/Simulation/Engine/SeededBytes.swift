import Randomness
import Synchronization

/// Seeded bytes for simulated keys.
final class SeededBytes: Sendable {
  private let random: Mutex<SplitMix>

  init(_ random: SplitMix) {
    self.random = Mutex(random)
  }

  /// Another source, which goes on where this one is.
  var copy: SeededBytes { SeededBytes(random.withLock { $0 }) }

  func take(_ count: Int) -> [UInt8] {
    random.withLock { random in
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
  }
}
