import Events
import GRDB
import Operations

/// Verifies stored texts, each once however many records name it.
struct TextChecks {
  private let key: JournalKey
  private var intact: Set<TextDigest> = []
  private var altered: Set<TextDigest> = []

  init(_ key: JournalKey) {
    self.key = key
  }

  /// Whether the text is there and is the one that it should be; nil where it is not there.
  mutating func isIntact(_ digest: TextDigest, in database: Database) throws -> Bool? {
    if intact.contains(digest) { return true }
    if altered.contains(digest) { return false }
    guard let form = try TextRow.form(of: digest, key, in: database) else { return nil }
    do throws(StoredFormError) {
      _ = try SealedText.open(form, of: digest, key)
      intact.insert(digest)
      return true
    } catch .cryptography(let failure) {
      throw JournalError.cryptography(failure)
    } catch {
      altered.insert(digest)
      return false
    }
  }

  /// What is wrong with the texts that a record with this first event names.
  mutating func flaws(of first: RunEvent.Kind, in database: Database) throws -> [ChainFlaw] {
    var flaws: [ChainFlaw] = []
    for (text, name) in first.pinnedTexts {
      guard let digest = Hexadecimal.decode(name).flatMap({ TextDigest($0) }),
        let isIntact = try isIntact(digest, in: database)
      else {
        flaws.append(.missingText(text))
        continue
      }
      if !isIntact { flaws.append(.alteredText(text)) }
    }
    return flaws
  }
}
