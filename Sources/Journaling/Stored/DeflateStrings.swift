/// Where strings of four bytes begin in a text, by their hash; those with the same hash are a chain.
///
/// It lives no longer than the call that it is handed to.
struct DeflateStrings {
  /// Positions, counted from 1, so that 0 is none: first, for each hash, the latest; then, for each position
  /// that was added, the one before with the same hash.
  typealias Places = UnsafeMutableBufferPointer<UInt16>

  /// So many places at most are compared for a match.
  private static let mostCandidates = 8

  let bytes: UnsafeBufferPointer<UInt8>
  private let places: UnsafeBufferPointer<UInt16>
  private let hashBits: Int

  /// Calls `body` with the strings of `bytes` that `places` were made of.
  static func with(
    _ places: [UInt16], of bytes: [UInt8], hashBits: Int, _ body: (DeflateStrings) -> Void
  ) {
    bytes.withUnsafeBufferPointer { bytes in
      places.withUnsafeBufferPointer { places in
        body(DeflateStrings(bytes: bytes, places: places, hashBits: hashBits))
      }
    }
  }

  /// Calls `body` with strings of `bytes`, of which there are none yet, and their places.
  static func withPlaces<Result>(
    for bytes: [UInt8], hashBits: Int, _ body: (DeflateStrings, Places) -> Result
  ) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 1 << hashBits + bytes.count) {
        places in
        places.initialize(repeating: 0)
        let strings = DeflateStrings(
          bytes: bytes, places: UnsafeBufferPointer(places), hashBits: hashBits)
        return body(strings, places)
      }
    }
  }

  /// The four bytes that begin at `position`; nil in the last three.
  func word(at position: Int) -> UInt32? {
    guard position &+ DeflateMatch.shortest <= bytes.count else { return nil }
    return UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt32.self)
  }

  private func index(of word: UInt32) -> Int {
    Int((word &* 0x9E37_79B1) &>> UInt32(truncatingIfNeeded: 32 &- hashBits))
  }

  /// Adds the next position, at which `word` is.
  func add(_ position: Int, _ word: UInt32, to places: Places) {
    let index = index(of: word)
    places[1 &<< hashBits &+ position] = places[index]
    places[index] = UInt16(truncatingIfNeeded: position &+ 1)
  }

  /// Adds the positions from `start` to before `end`.
  func add(from start: Int, to end: Int, to places: Places) {
    var position = start
    while position < end, let word = word(at: position) {
      add(position, word, to: places)
      position &+= 1
    }
  }

  /// Makes `match` longer, if one of these strings is longer, of what begins in `other` at `position`, with
  /// `word`; as seen from here, that is at `end`.
  func find(
    _ match: inout DeflateMatch, of other: UnsafeBufferPointer<UInt8>, at position: Int,
    _ word: UInt32, before end: Int
  ) {
    var place = Int(places[index(of: word)])
    var candidates = Self.mostCandidates
    while place > 0, candidates > 0 {
      let start = place &- 1
      guard end &- start <= DeflateMatch.farthest else { return }
      if self.word(at: start) == word {
        let limit = min(
          DeflateMatch.longest, other.count &- position, bytes.count &- start)
        var length = DeflateMatch.shortest
        while length < limit, bytes[start &+ length] == other[position &+ length] { length &+= 1 }
        if length > match.length { match = DeflateMatch(length: length, distance: end &- start) }
      }
      place = Int(places[1 &<< hashBits &+ start])
      candidates &-= 1
    }
  }
}
