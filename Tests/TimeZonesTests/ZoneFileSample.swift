/// A TZif file that is made for a test; every part of it can be wrong.
struct ZoneFileSample {
  var version = UInt8(ascii: "2")
  var magic = "TZif"
  /// Seconds ahead of UTC, and where the abbreviation begins.
  var types: [(offset: Int32, name: UInt8)] = [(0, 0)]
  var names = "UTC\u{0}"
  var times: [(at: Int64, type: UInt8)] = []
  var leapSeconds: UInt32 = 0
  var indicators: UInt32 = 0
  var footer: String? = ""

  /// A zone with the footer alone.
  static func footer(_ text: String) -> [UInt8] {
    ZoneFileSample(footer: text).bytes
  }

  var bytes: [UInt8] {
    let whole = block(timeSize: 8)
    guard version != 0 else { return block(timeSize: 4) }
    return block(timeSize: 4, isEmpty: true) + whole
      + (footer.map { Array("\n\($0)\n".utf8) } ?? [])
  }

  private func block(timeSize: Int, isEmpty: Bool = false) -> [UInt8] {
    var bytes = Array(magic.utf8) + [version] + [UInt8](repeating: 0, count: 15)
    guard !isEmpty else { return bytes + [UInt8](repeating: 0, count: 24) }
    let counts = [
      indicators, indicators, leapSeconds, UInt32(times.count), UInt32(types.count),
      UInt32(names.utf8.count),
    ]
    for count in counts { bytes += Self.bigEndian(count) }
    for time in times {
      bytes += timeSize == 4 ? Self.bigEndian(Int32(time.at)) : Self.bigEndian(time.at)
    }
    bytes += times.map(\.type)
    for type in types { bytes += Self.bigEndian(type.offset) + [0, type.name] }
    bytes += Array(names.utf8)
    let leapBytes = Int(leapSeconds) * (timeSize + 4)
    return bytes + [UInt8](repeating: 0, count: leapBytes + Int(indicators) * 2)
  }

  static func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
