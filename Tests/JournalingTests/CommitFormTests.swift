import Cryptography
import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Journaling

@Suite struct CommitFormTests {
  private static let run = SampleRun.run

  private static func key(_ byte: UInt8 = 1) throws -> JournalKey {
    try #require(try JournalKey([UInt8](repeating: byte, count: 32)))
  }

  static func form(of events: [RunEvent]) throws -> [UInt8] {
    try CommitForm.encode(
      events, of: run,
      Sealing(key: key(), random: RandomBytes { [UInt8](repeating: 9, count: $0) }))
  }

  @Test(arguments: [1, 2, 7, SampleRun.everything.count])
  func `the events of a commit come back as they were`(count: Int) throws {
    let events = Array(SampleRun.everything.prefix(count))
    let form = try Self.form(of: events)
    #expect(try CommitForm.decode(form, of: Self.run, from: 0, Self.key()) == events)
  }

  @Test func `a commit takes a third of what its events take alone`() throws {
    let events = SampleRun.everything
    let sealing = Sealing(key: try Self.key(), random: .system)
    let alone = try events.map { event in
      let address = EventAddress(run: Self.run, sequence: event.sequence)
      return try EventForm.encode(event.kind, sealing: sealing.sealer(for: address)).count
    }.reduce(0, +)
    #expect(try Self.form(of: events).count * 3 < alone)
  }

  /// A form can be read only with the very texts it was compressed with.
  @Test func `the texts before a form of version 3 are those of its first day`() throws {
    let digest = try SHA256.digest(of: CommitForm.dictionary)
    #expect(
      Hexadecimal.encode(digest)
        == "e67109e3e3893cb0ffd23e69062587741a6e7586903bfbf4098a8cad6f05dda7")
  }

  @Test func `a form of version 3 that was stored is read`() throws {
    let form = try Self.form(of: SampleRun.everything)
    let kept = try Snapshot.kept(
      "stored-form-3.txt", insteadOf: Hexadecimal.encode(form) + "\n")
    let bytes = try #require(Hexadecimal.decode(String(kept.dropLast())))
    #expect(
      try CommitForm.decode(bytes, of: Self.run, from: 0, Self.key()) == SampleRun.everything)
  }

  @Test func `what is stored of a commit is what it was on the first day of version 3`() throws {
    let kept = try Snapshot.kept("stored-form-3.txt")
    let forms = [
      try #require(Hexadecimal.decode(String(kept.dropLast()))),
      try Self.form(of: SampleRun.everything),
    ]
    let items = forms.map { form in
      Deflate.expand(
        Array(form.dropFirst()), with: CommitForm.dictionary, atMost: CommitForm.largest)
    }
    #expect(items[0] != nil && items[0] == items[1])
  }

  @Test(arguments: SampleRun.all + SampleRollout.events)
  func `what is written is what the tree of the same items is encoded as`(event: RunEvent) throws {
    let bytes = try EventForm.encode(event.kind, sealing: StoredEventTests.sealer())
    #expect(try CBOR(decoding: bytes).encoded() == bytes)
  }

  @Test func `short commits and long ones are read, whichever way they are compressed`() throws {
    let end = RunResult(outcome: .succeeded, outputs: ["text": "device.approve-device status"])
    for (length, isFixed) in [(0, true), (3000, true), (5000, false), (200_000, false)] {
      var result = end
      result.outputs["rest"] = .bytes((0..<length).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) })
      let events = [RunEvent(sequence: 0, at: SampleRun.beginning, kind: .runFinished(result))]
      let form = try Self.form(of: events)
      #expect(try CommitForm.decode(form, of: Self.run, from: 0, Self.key()) == events)
      // The second and the third bit of a block say which codes it has.
      #expect((form[1] & 7 == 0b011) == isFixed)
    }
  }

  @Test func `cut and altered bytes are refused or read, never a crash`() throws {
    let form = try Self.form(of: Array(SampleRun.events.prefix(5)))
    for length in 0..<form.count {
      #expect(throws: StoredFormError.self) {
        try CommitForm.decode(Array(form.prefix(length)), of: Self.run, from: 0, nil)
      }
    }
    for index in form.indices {
      for bit in [UInt8(1), 0x20, 0x80] {
        var altered = form
        altered[index] ^= bit
        _ = try? CommitForm.decode(altered, of: Self.run, from: 0, nil)
      }
    }
  }

  @Test func `a form that expands without end is refused`() throws {
    let bomb = try #require(
      Deflate.compress([UInt8](repeating: 0, count: 1 << 20), with: CommitForm.dictionary))
    #expect(bomb.count < 4096)
    #expect(Deflate.expand(bomb, with: CommitForm.dictionary, atMost: 1 << 19) == nil)
    #expect(Deflate.expand(bomb, with: CommitForm.dictionary, atMost: 1 << 20)?.count == 1 << 20)
  }

  @Test(arguments: [[], [2], [3], [4, 0x80]] as [[UInt8]])
  func `what is no form of this version is refused`(bytes: [UInt8]) {
    #expect(throws: StoredFormError.self) {
      try CommitForm.decode(bytes, of: Self.run, from: 0, nil)
    }
  }
}
