/// Reads the bytes of a TZif file, versions 1 to 4 (RFC 9636); nil for what does not follow the format.
///
/// A file with leap seconds is refused: its times do not count as this module's do.
struct ZoneFileReader {
  /// The times that are kept: 2^59 seconds are more than the age of the universe.
  private static let times: ClosedRange<Int64> = -(1 << 59)...(1 << 59)

  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  /// The whole file.
  mutating func history() -> ZoneHistory? {
    guard let first = header() else { return nil }
    guard first.version > 0 else { return block(first, timeSize: 4).flatMap { history($0, nil) } }
    // The first block is for readers of version 1 only.
    guard take(first.blockSize(timeSize: 4)) != nil, let second = header(), second.version > 0,
      let block = block(second, timeSize: 8), let text = footerText()
    else { return nil }
    guard !text.isEmpty else { return history(block, nil) }
    guard let footer = ZoneFooter(text) else { return nil }
    return history(block, footer)
  }

  private func history(_ block: Block, _ footer: ZoneFooter?) -> ZoneHistory? {
    if let last = block.times.last, let footer, let clock = block.clocks.last,
      footer.clock(at: last).offset != clock.offset
    {
      // Both must agree on the last change (RFC 9636 §3.3).
      return nil
    }
    return ZoneHistory(
      initial: block.initial, times: block.times, clocks: block.clocks, footer: footer)
  }

  // MARK: Header

  private struct Header {
    var version: UInt8
    var utcIndicators: Int
    var standardIndicators: Int
    var leapSeconds: Int
    var times: Int
    var types: Int
    var characters: Int

    func blockSize(timeSize: Int) -> Int {
      times * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4)
        + standardIndicators + utcIndicators
    }
  }

  private mutating func header() -> Header? {
    guard let magic = take(4), magic.elementsEqual("TZif".utf8), let version = take(1)?.first,
      version == 0 || (UInt8(ascii: "2")...UInt8(ascii: "9")).contains(version), take(15) != nil
    else { return nil }
    var counts: [Int] = []
    for _ in 0..<6 {
      guard let count = take(4).map({ Self.number($0) }), count >= 0 else { return nil }
      counts.append(Int(count))
    }
    let header = Header(
      version: version, utcIndicators: counts[0], standardIndicators: counts[1],
      leapSeconds: counts[2], times: counts[3], types: counts[4], characters: counts[5])
    return header
  }

  // MARK: Data block

  private struct Block {
    var initial: ClockSetting
    var times: [Int64]
    var clocks: [ClockSetting]
  }

  private mutating func block(_ header: Header, timeSize: Int) -> Block? {
    let indicators = [0, header.types]
    guard header.leapSeconds == 0, (1...256).contains(header.types), header.characters > 0,
      indicators.contains(header.utcIndicators), indicators.contains(header.standardIndicators),
      let times = take(header.times * timeSize), let indices = take(header.times),
      let types = take(header.types * 6), let names = take(header.characters),
      take(header.standardIndicators + header.utcIndicators) != nil
    else { return nil }
    var known: [ClockSetting] = []
    for type in 0..<header.types {
      guard let clock = Self.clock(types.dropFirst(type * 6).prefix(6), names) else { return nil }
      known.append(clock)
    }
    var block = Block(initial: known[0], times: [], clocks: [])
    for (position, index) in indices.enumerated() {
      let time = Self.number(times.dropFirst(position * timeSize).prefix(timeSize))
      guard Self.times.contains(time), time > block.times.last ?? .min, index < known.count else {
        return nil
      }
      block.times.append(time)
      block.clocks.append(known[Int(index)])
    }
    return block
  }

  /// A record of six bytes: offset, daylight saving, where the abbreviation begins.
  private static func clock(
    _ record: ArraySlice<UInt8>, _ names: ArraySlice<UInt8>
  ) -> ClockSetting? {
    let offset = Int(number(record.prefix(4)))
    guard let start = record.last, start < names.count, ClockSetting.offsets.contains(offset)
    else { return nil }
    let tail = names.dropFirst(Int(start))
    let name = tail.prefix { $0 != 0 }
    guard name.count < tail.count, name.count <= 30, name.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    return ClockSetting(offset: offset, abbreviation: String(decoding: name, as: UTF8.self))
  }

  /// What stands between the two newlines at the end.
  private mutating func footerText() -> ArraySlice<UInt8>? {
    guard rest.first == 0x0A, rest.count >= 2 else { return nil }
    let text = rest.dropFirst().prefix { $0 != 0x0A }
    return text.count + 2 <= rest.count ? text : nil
  }

  // MARK: Bytes

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    let bytes = rest.prefix(count)
    rest = rest.dropFirst(count)
    return bytes
  }

  /// A signed big-endian number of four or eight bytes.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    let value = bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }
}
