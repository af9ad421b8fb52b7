/// A small generator whose numbers follow from a seed (SplitMix64; Steele, Lea and Flood, 2014).
///
/// Every random choice that must be repeatable is drawn from one: those of runs, of the sandbox, of
/// simulations and of tests. It is not for keys; those come from the system's generator.
package struct SplitMix: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: UInt64

  /// A generator whose numbers follow from `seed` alone.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
