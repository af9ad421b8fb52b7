import Cryptography
import EventSamples
import Events
import Expressions
import Playbooks
import Randomness
import Testing

@testable import Journaling

@Suite struct StoredEventTests {
  static let address = EventAddress(run: SampleRun.run, sequence: 3)

  static func key(_ byte: UInt8 = 1) throws -> JournalKey {
    try #require(try JournalKey([UInt8](repeating: byte, count: 32)))
  }

  static func sealer(_ unknowns: UnknownValues = .kept) throws -> Sealer {
    Sealer(
      seal: Seal(key: try key(), context: address.bytes),
      random: RandomBytes { [UInt8](repeating: 9, count: $0) }, unknowns: unknowns)
  }

  static func seal() throws -> Seal { Seal(key: try key(), context: address.bytes) }

  private static func event(holding value: Value) -> RunEvent.Kind {
    .stepFinished(.root, StepResult(outcome: .succeeded, value: value))
  }

  @Test(arguments: SampleRun.all + SampleRollout.events)
  func `an event comes back as it was`(event: RunEvent) throws {
    let bytes = try EventForm.encode(event.kind, sealing: Self.sealer())
    #expect(try StoredEvent.decodeRow(bytes, opening: Self.seal()) == event.kind)
  }

  @Test func `the stored form stays as it is and is read`() throws {
    let events = SampleRun.events + SampleRun.later
    let text = try events.map {
      try EventForm.encode($0.kind, sealing: Self.sealer())
        .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\n"
    }.joined()
    let kept = try Snapshot.kept("stored-form-2.txt", insteadOf: text)
    #expect(text == kept)
    #expect(try Self.kinds(in: kept) == events.map(\.kind))
  }

  @Test func `the stored form of version 1 is read`() throws {
    let kept = try Snapshot.kept("stored-form-1.txt")
    #expect(try Self.kinds(in: kept) == SampleRun.events.map(\.kind))
  }

  private static func kinds(in text: String) throws -> [RunEvent.Kind] {
    try text.split(separator: "\n").map { line in
      let digits = line.compactMap { $0.hexDigitValue.map(UInt8.init) }
      let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
        digits[$0] << 4 | digits[$0 + 1]
      }
      return try StoredEvent.decodeRow(bytes, opening: seal())
    }
  }

  @Test func `every type of event has a number of its own, none of them reused`() {
    let numbers = EventType.allCases.map(\.number)
    #expect(Set(numbers).count == numbers.count)
    #expect(EventType.allCases.map(\.blank.type) == EventType.allCases)
    #expect(
      EventType.allCases.map { EventType(number: $0.number) } == EventType.allCases)
  }

  @Test(arguments: [
    SessionChange.authenticated, .joined, .lost(reason: "gone"), .closed, .revoked, .refreshing,
    .notRevoked(reason: "HTTP 503"),
  ])
  func `every state of a session comes back`(change: SessionChange) throws {
    let kind = RunEvent.Kind.sessionChanged(username: "a", change)
    let bytes = try EventForm.encode(kind, sealing: Self.sealer())
    #expect(try StoredEvent.decodeRow(bytes, opening: nil) == kind)
  }

  @Test func `events are lean`() throws {
    let sizes = try SampleRun.events.map {
      try EventForm.encode($0.kind, sealing: Self.sealer()).count
    }
    #expect(sizes.count { $0 > 400 } <= 4)
    #expect(sizes.reduce(0, +) / sizes.count < 200)
  }

  @Test(arguments: UInt64(0)..<300)
  func `any value comes back as it was, in its order`(seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let kind = Self.event(holding: generator.value(depth: 5))
    let bytes = try EventForm.encode(kind, sealing: Self.sealer())
    let back = try StoredEvent.decodeRow(bytes, opening: Self.seal())
    #expect(back == kind)
    #expect(try EventForm.encode(back, sealing: Self.sealer()) == bytes)
    #expect(try CBOR(decoding: bytes).encoded() == bytes)
  }

  @Test func `a map is counted when it ends, however many fields it has`() throws {
    for count in [0, 1, 23, 24, 255, 256, 300] {
      var writer = CBORWriter()
      try writer.openList(2)
      let fields = try writer.openFields()
      for number in 0..<count {
        writer.integer(Int64(number))
        writer.bool(true)
      }
      try writer.close(fields, count: count)
      writer.null()
      writer.close()
      let pairs = (0..<count).map { CBOR.Pair(key: .integer(Int64($0)), value: .bool(true)) }
      #expect(try writer.output == CBOR.list([.map(pairs), .null]).encoded())
    }
  }

  @Test func `not-a-number keeps its bits`() throws {
    let kind = Self.event(holding: .double(Double(nan: 5, signaling: false)))
    let bytes = try EventForm.encode(kind, sealing: Self.sealer())
    let back = try StoredEvent.decodeRow(bytes, opening: nil)
    #expect(try EventForm.encode(back, sealing: Self.sealer()) == bytes)
  }

  @Test(arguments: [Duration(attoseconds: .max), Duration(attoseconds: .min), .zero])
  func `the longest durations come back`(duration: Duration) throws {
    let kind = RunEvent.Kind.attemptFailed(.root, attempt: 1, Failure(.local, "x"), pause: duration)
    let bytes = try EventForm.encode(kind, sealing: Self.sealer())
    #expect(try StoredEvent.decodeRow(bytes, opening: nil) == kind)
  }

  @Test func `without the key a secret is a secret that holds the mask`() throws {
    let kind = Self.event(holding: ["open": 1, "closed": .secret(text: "planted")])
    let bytes = try EventForm.encode(kind, sealing: Self.sealer())
    let masked = Self.event(holding: ["open": 1, "closed": .secret(text: Secret.mask)])
    #expect(try StoredEvent.decodeRow(bytes, opening: nil) == masked)
  }

  @Test func `a secret for which there is no nonce is not stored`() throws {
    let sealer = Sealer(
      seal: try Self.seal(),
      random: RandomBytes { _ throws(CryptographyFailure) in throw .randomBytes })
    #expect(throws: StoredFormError.cryptography(.randomBytes)) {
      try EventForm.encode(Self.event(holding: .secret(text: "planted")), sealing: sealer)
    }
    #expect(throws: Never.self) {
      try EventForm.encode(Self.event(holding: "plain"), sealing: sealer)
    }
  }

  @Test(arguments: [
    Value.unknown(Unknown("a.id")), ["a": [.unknown(Unknown("a.id").union(Unknown("b.id")))]],
    .secret(Secret(["a": .unknown(Unknown("a.id"))])),
  ])
  func `what is unknown is stored of a plan and refused of a run`(value: Value) throws {
    let kind = Self.event(holding: value)
    let bytes = try EventForm.encode(kind, sealing: Self.sealer(.kept))
    #expect(try StoredEvent.decodeRow(bytes, opening: Self.seal()) == kind)
    #expect(throws: StoredFormError.unknownValue) {
      try EventForm.encode(kind, sealing: Self.sealer(.refused))
    }
    #expect(throws: StoredFormError.unknownValue) {
      let sealing = Sealing(key: try Self.key(), random: .system)
      _ = try EventForm.encode(kind, sealing: sealing.sealer(for: Self.address))
    }
  }

  @Test(arguments: [CBOR.list([]), .list([.unsigned(1)]), .text("a"), .null])
  func `an unknown value that waits for nothing is refused`(item: CBOR) {
    #expect(throws: StoredFormError.self) {
      try StoredValue.decode(.tagged(StoredValue.Tag.unknown, item), opening: nil)
    }
  }

  @Test func `another key is distinguished from a broken seal`() throws {
    let kind = Self.event(holding: .secret(text: "planted"))
    var bytes = try EventForm.encode(kind, sealing: Self.sealer())
    let other = Seal(key: try Self.key(2), context: Self.address.bytes)
    #expect(throws: StoredFormError.sealedWithAnotherKey) {
      try StoredEvent.decodeRow(bytes, opening: other)
    }
    let elsewhere = Seal(
      key: try Self.key(), context: EventAddress(run: SampleRun.run, sequence: 4).bytes)
    #expect(throws: StoredFormError.brokenSeal) {
      try StoredEvent.decodeRow(bytes, opening: elsewhere)
    }
    let last = try #require(bytes.indices.last)
    // The sealed value is the last field of a step that finished.
    bytes[last] ^= 1
    #expect(throws: StoredFormError.brokenSeal) {
      try StoredEvent.decodeRow(bytes, opening: Self.seal())
    }
  }

  @Test func `what a later program wrote is refused`() throws {
    let later = try CBOR.list([.unsigned(3), .map([])]).encoded()
    #expect(throws: StoredFormError.unsupportedVersion(3)) {
      try StoredEvent.decodeRow(later, opening: nil)
    }
    let unknown = try CBOR.list([.unsigned(2), .unsigned(999), .map([])]).encoded()
    #expect(throws: StoredFormError.unknownType("999")) {
      try StoredEvent.decodeRow(unknown, opening: nil)
    }
  }

  @Test func `a field that is not known is passed over`() throws {
    let grown = try CBOR.list([
      .unsigned(2), .unsigned(EventType.cancelRequested.number),
      .map([.init(key: .unsigned(999), value: .text("somebody"))]),
    ]).encoded()
    #expect(try StoredEvent.decodeRow(grown, opening: nil) == .cancelRequested())
  }

  @Test func `a value as deep as is stored is written and read`() throws {
    // The event, its fields and the value of one of them are around it.
    for (depth, isStored) in [(198, true), (199, false)] {
      let deep = (0..<depth).reduce(Value.int(1)) { value, _ in .list([value]) }
      let kind = Self.event(holding: deep)
      guard isStored else {
        #expect(throws: StoredFormError.tooDeep) {
          try EventForm.encode(kind, sealing: Self.sealer())
        }
        continue
      }
      let bytes = try EventForm.encode(kind, sealing: Self.sealer())
      #expect(try StoredEvent.decodeRow(bytes, opening: Self.seal()) == kind)
    }
  }

  @Test func `a value too deep is refused when written and when read`() throws {
    var deep = Value.int(1)
    for _ in 0..<400 { deep = .list([deep]) }
    #expect(throws: StoredFormError.tooDeep) {
      try EventForm.encode(Self.event(holding: deep), sealing: Self.sealer())
    }
    #expect(throws: StoredFormError.tooDeep) {
      try StoredEvent.decodeRow([UInt8](repeating: 0x81, count: 100_000), opening: nil)
    }
  }

  @Test func `cut and altered bytes are refused or read, never a crash`() throws {
    for event in SampleRun.events {
      let bytes = try EventForm.encode(event.kind, sealing: Self.sealer())
      for length in 0..<bytes.count {
        #expect(throws: StoredFormError.self) {
          try StoredEvent.decodeRow(Array(bytes.prefix(length)), opening: Self.seal())
        }
      }
      for index in bytes.indices {
        for bit in [UInt8(1), 0x20, 0x80] {
          var altered = bytes
          altered[index] ^= bit
          _ = try? StoredEvent.decodeRow(altered, opening: Self.seal())
        }
      }
    }
  }

  @Test(
    arguments: [
      [], [0x1C], [0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x9B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x61, 0xFF], [0x5F], [0xF7],
      [0x00, 0x00],
    ] as [[UInt8]])
  func `bytes that are no item are refused`(bytes: [UInt8]) {
    #expect(throws: StoredFormError.self) { try CBOR(decoding: bytes) }
  }

  @Test(
    arguments: [
      (CBOR.unsigned(10), [0x0A]), (.unsigned(1000), [0x19, 0x03, 0xE8]),
      (.negative(99), [0x38, 0x63]),
      (.text("ü"), [0x62, 0xC3, 0xBC]),
      (.double((1.1).bitPattern), [0xFB, 0x3F, 0xF1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A]),
      (.list([.unsigned(1), .bytes([4])]), [0x82, 0x01, 0x41, 0x04]),
      (.tagged(1, .null), [0xC1, 0xF6]),
      (.map([.init(key: .text("a"), value: .bool(true))]), [0xA1, 0x61, 0x61, 0xF5]),
    ] as [(CBOR, [UInt8])])
  func `items look as RFC 8949 says (appendix A)`(item: CBOR, bytes: [UInt8]) throws {
    #expect(try item.encoded() == bytes)
    #expect(try CBOR(decoding: bytes) == item)
  }
}

/// The form that version 2 stored an event in, in a row of its own.
enum EventForm {
  static func encode(
    _ kind: RunEvent.Kind, sealing sealer: Sealer
  ) throws(StoredFormError) -> [UInt8] {
    var writer = StoredEventWriter(sealing: sealer)
    try writer.items.openList(3)
    writer.items.unsigned(StoredEvent.lastRowVersion)
    try StoredEvent.write(kind, to: &writer)
    writer.items.close()
    return writer.items.output
  }
}
