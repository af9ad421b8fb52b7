import EventSamples
import Events
import Foundation
import Testing

@testable import Journaling

@Suite struct JournalSecrecyTests {
  /// The bytes of all the journal's files while it is open, and of what is compressed in them.
  private static let bytes: Data = {
    guard let folder = try? TemporaryFolder(),
      let journal = try? SQLiteJournal.open(at: folder.journal)
    else { return Data() }
    var bytes = Data()
    for event in SampleRun.everything {
      guard (try? journal.append([event], run: SampleRun.run)) != nil else { return Data() }
    }
    for data in (try? folder.files())?.values ?? [:].values { bytes += data }
    for form in (try? journal.plainForms()) ?? [] { bytes += form }
    return bytes
  }()

  @Test(arguments: PlantedSecrets.spellings)
  func `no secret is in any byte of the journal`(spelling: String) {
    #expect(Self.bytes.firstRange(of: Data(spelling.utf8)) == nil)
  }

  @Test func `what is no secret is found by the same search`() {
    #expect(Self.bytes.firstRange(of: Data("a@example.com".utf8)) != nil)
  }

  @Test func `the same secret is never sealed the same way twice`() throws {
    let folder = try TemporaryFolder()
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(SampleRun.events, run: SampleRun.run)
    let key = try KeyFile(beside: folder.journal).load()
    let bytes = try journal.plainForms().reduce(into: Data()) { $0 += $1 }
    var nonces: [Data] = []
    var rest = bytes[...]
    while let found = rest.firstRange(of: Data(key.id)) {
      nonces.append(Data(rest[found.upperBound...].prefix(12)))
      rest = rest[found.upperBound...]
    }
    #expect(nonces.count >= 6)
    #expect(Set(nonces).count == nonces.count)
  }
}
