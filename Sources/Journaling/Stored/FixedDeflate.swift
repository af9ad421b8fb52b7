/// Compression of short forms: raw DEFLATE (RFC 1951) in one block with the fixed codes, after a dictionary.
///
/// zlib makes codes of its own for every block, also where it then writes the fixed ones. For a few hundred
/// bytes, that costs several times what all the rest does, and saves a few of them.
struct FixedDeflate: Sendable {
  /// So many bytes at most are compressed: with more, codes that fit them pay.
  static let largest = 4096

  private static let hashBits = 10
  private static let dictionaryHashBits = 12

  private let dictionary: [UInt8]
  /// The places of the dictionary.
  private let places: [UInt16]
  private let codes = FixedCodes()

  /// Bytes are compressed as if `dictionary` stood before them, which is at most 32 KiB.
  init(after dictionary: [UInt8]) {
    self.dictionary = dictionary
    places = DeflateStrings.withPlaces(for: dictionary, hashBits: Self.dictionaryHashBits) {
      strings, places in
      strings.add(from: 0, to: dictionary.count, to: places)
      return Array(places)
    }
  }

  /// `heading`, then `bytes` compressed; nil for more than `largest` bytes.
  func compress(_ bytes: [UInt8], behind heading: [UInt8] = []) -> [UInt8]? {
    guard bytes.count <= Self.largest else { return nil }
    var output = DeflateBits(heading, mostBits: bytes.count * 9 + 10)
    output.write(FixedCodes.lastBlock)
    DeflateStrings.with(places, of: dictionary, hashBits: Self.dictionaryHashBits) { earlier in
      DeflateStrings.withPlaces(for: bytes, hashBits: Self.hashBits) { strings, places in
        write(strings, places, after: earlier, to: &output)
      }
    }
    output.write(codes.end)
    return output.end()
  }

  private func write(
    _ strings: DeflateStrings, _ places: DeflateStrings.Places, after earlier: DeflateStrings,
    to output: inout DeflateBits
  ) {
    let bytes = strings.bytes
    var position = 0
    while position < bytes.count {
      var match = DeflateMatch.none
      if let word = strings.word(at: position) {
        strings.find(&match, of: bytes, at: position, word, before: position)
        earlier.find(
          &match, of: bytes, at: position, word, before: earlier.bytes.count &+ position)
        strings.add(position, word, to: places)
      }
      if match.length == 0 {
        output.write(codes.literal(bytes[position]))
        position &+= 1
      } else {
        output.write(codes.length(match.length))
        output.write(codes.distance(match.distance))
        strings.add(from: position &+ 1, to: position &+ match.length, to: places)
        position &+= match.length
      }
    }
  }
}

/// Bytes that stand earlier, too.
struct DeflateMatch: Sendable, Hashable {
  /// The length of a string that is looked for; shorter matches save nothing.
  static let shortest = 4
  static let longest = 258
  /// Those who read a form keep so many of the bytes before.
  static let farthest = 1 << Int(Deflate.windowBits)

  static let none = DeflateMatch(length: 0, distance: 0)

  var length: Int
  var distance: Int
}
