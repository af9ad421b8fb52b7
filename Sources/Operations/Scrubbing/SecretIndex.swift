/// The spellings of known secrets, found by how they begin.
///
/// Every spelling is folded (see `FoldedText`). They lie in sorted buckets by their first six bytes,
/// so that a search costs the same with one secret as with thousands.
struct SecretIndex: Sendable {
  /// The fewest folded bytes that are looked for.
  static let shortestNeedle = 6
  /// How many folded bytes of a longer secret give it away: services cut what they repeat, often
  /// at 12 characters, of which one or two may fold to nothing.
  static let telltale = 10
  /// How much of one spelling is kept, in bytes; after a longer one the rest of a text is masked.
  static let longestNeedle = 4096
  /// How many bytes are kept of all spellings; of further ones only the beginnings are.
  static let capacity = 32 << 20

  /// One spelling.
  struct Needle: Sendable {
    let bytes: [UInt8]
    /// Whether the secret continues after `bytes`.
    let isCut: Bool
  }

  /// Where a secret ends that begins at some place.
  struct Match: Sendable, Hashable {
    var end: Int
    /// Whether it continues for an unknown length.
    var isOpen: Bool
  }

  private var buckets: [UInt64: [Needle]] = [:]
  private var beginnings = Beginnings()
  private var size = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Looks for `text` from now on, however it is escaped.
  ///
  /// What a decoder makes of the text itself is looked for too: `%41&` in a password must be found
  /// after the escapes around it were undone.
  mutating func add(_ text: String) {
    for part in Self.parts(of: text) {
      var layer = PositionedText(Array(part.utf8))
      add(layer.folded)
      for _ in 0..<SecretSearch.mostEscapes {
        guard let inner = layer.unescaped() else { break }
        layer = inner
        add(layer.folded)
      }
      addPlainRuns(of: part)
      let digits = Array(part.utf8)
      if digits.count >= 12, let bytes = Hexadecimal.decode(part) {
        add(PositionedText(bytes).folded)
      }
    }
  }

  /// What a service that uses another character set repeats unchanged: the parts without accents.
  private mutating func addPlainRuns(of text: String) {
    let runs = text.unicodeScalars.split { !$0.isASCII }
    guard runs.count > 1 || runs.first.map({ $0.count < text.unicodeScalars.count }) ?? false
    else { return }
    for run in runs where run.count >= Self.telltale {
      add(PositionedText(Array(String(run).utf8)).folded)
    }
  }

  /// An address is looked for without its scheme and host, which are no secret; the values of its
  /// query and its credentials are on their own.
  private static func parts(of text: String) -> [String] {
    guard text.isAddress, let scheme = text.firstRange(of: "://") else { return [text] }
    let rest = text[scheme.upperBound...]
    let authority = rest.prefix { !"/?#".contains($0) }
    let tail = rest[authority.endIndex...]
    let values = tail.drop { $0 != "?" }.split { "?&#".contains($0) }
      .compactMap { $0.split(separator: "=", maxSplits: 1).last }
    let credentials = authority.lastIndex(of: "@").map { authority[..<$0] }
    return ([tail] + values + (credentials.map { [$0] } ?? [])).map { String($0) }
  }

  private mutating func add(_ folded: FoldedText) {
    guard folded.bytes.count >= Self.shortestNeedle else { return }
    let limit = size < Self.capacity ? Self.longestNeedle : 64
    let bytes = Array(folded.bytes.prefix(limit))
    let needle = Needle(bytes: bytes, isCut: bytes.count < folded.bytes.count)
    let head = Self.head(bytes, at: 0)
    var bucket = buckets.removeValue(forKey: head) ?? []
    defer { buckets[head] = bucket }
    let place = bucket.partitioningIndex { !$0.bytes.lexicographicallyPrecedes(bytes) }
    guard place == bucket.count || bucket[place].bytes != bytes else { return }
    bucket.insert(needle, at: place)
    beginnings.insert(bytes[0], bytes[1])
    size += bytes.count
    count += 1
  }

  /// Whether a secret may begin anywhere in `text`, which is not folded yet: whether the first six bytes of
  /// one are there.
  func mayBegin(in text: [UInt8]) -> Bool {
    var head: UInt64 = 0
    var count = 0
    return FoldedText.folds(of: text) { byte in
      head = (head << 8 | UInt64(byte)) & 0xFFFF_FFFF_FFFF
      count += 1
      guard count >= Self.shortestNeedle else { return false }
      let (first, second) = (UInt8(head >> 40), UInt8(truncatingIfNeeded: head >> 32))
      return beginnings.mayContain(first, second) && buckets[head] != nil
    }
  }

  /// The longest secret that begins at `start`.
  ///
  /// Of a secret that is not there whole, the beginning counts when the word ends with it: services
  /// cut what they repeat, and ids of one moment begin alike without being a secret.
  func match(in text: FoldedText, at start: Int) -> Match? {
    let bytes = text.bytes
    guard start + Self.shortestNeedle <= bytes.count else { return nil }
    guard beginnings.mayContain(bytes[start], bytes[start + 1]),
      let bucket = buckets[Self.head(bytes, at: start)]
    else { return nil }
    var candidates = bucket[...]
    var length = Self.shortestNeedle
    var match: Match?
    while let first = candidates.first {
      // All candidates share the `length` bytes from `start` on; the shortest comes first.
      if first.bytes.count == length {
        match = Match(end: start + length, isOpen: first.isCut)
        candidates = candidates.dropFirst()
        guard !candidates.isEmpty else { break }
      }
      candidates = Self.narrowed(candidates, at: length, to: bytes, start + length)
      guard candidates.isEmpty else {
        length += 1
        continue
      }
      let isCut = length >= Self.telltale && !text.continuesWord(at: start + length)
      if isCut { match = Match(end: start + length, isOpen: false) }
    }
    return match
  }

  /// Those of `candidates` that go on at `length` with the byte at `position`.
  private static func narrowed(
    _ candidates: ArraySlice<Needle>, at length: Int, to bytes: [UInt8], _ position: Int
  ) -> ArraySlice<Needle> {
    guard position < bytes.count else { return [] }
    let byte = bytes[position]
    let low = candidates.partitioningIndex { $0.bytes[length] >= byte }
    let high = candidates[low...].partitioningIndex { $0.bytes[length] > byte }
    return candidates[low..<high]
  }

  /// The six bytes from `position` on, as a number.
  private static func head(_ bytes: [UInt8], at position: Int) -> UInt64 {
    var head: UInt64 = 0
    for byte in bytes[position..<position + shortestNeedle] { head = head << 8 | UInt64(byte) }
    return head
  }
}

/// The first two bytes of all spellings, so that what does not begin like one is passed over quickly.
///
/// 512 bytes, since every run has an index of its own; a few beginnings share a bit.
private struct Beginnings: Sendable {
  private var bits = [UInt64](repeating: 0, count: 64)

  mutating func insert(_ first: UInt8, _ second: UInt8) {
    let slot = Self.slot(first, second)
    bits[slot >> 6] |= 1 << UInt64(slot & 63)
  }

  func mayContain(_ first: UInt8, _ second: UInt8) -> Bool {
    let slot = Self.slot(first, second)
    return bits[slot >> 6] & 1 << UInt64(slot & 63) != 0
  }

  private static func slot(_ first: UInt8, _ second: UInt8) -> Int {
    (Int(first) << 4 ^ Int(second)) & 0xFFF
  }
}

extension RandomAccessCollection {
  /// The first place whose element satisfies `predicate`, as all after it do.
  fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Index {
    var low = startIndex
    var count = self.count
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if predicate(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
