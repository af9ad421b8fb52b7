import Cryptography
import EventSamples
import Events
import Operations
import Testing

@testable import Journaling

@Suite struct CommitFormTests {
  private static let run = SampleRun.run

  private static func key(_ byte: UInt8 = 1) throws -> JournalKey {
    try #require(try JournalKey([UInt8](repeating: byte, count: 32)))
  }

  private static func form(of events: [RunEvent]) throws -> [UInt8] {
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
