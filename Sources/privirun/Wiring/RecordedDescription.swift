import Cryptography
import Events
import Journaling
import Operations

/// The API description that a recorded run calls, for reports about the run.
enum RecordedDescription {
  /// The description that `start` names, from this program or from the journal; nil where it is not
  /// kept, or the journal's key is not there to read it.
  static func find(_ start: RunStart, in reader: JournalReader) -> APIDescription? {
    guard let bytes = start.pinned.flatMap({ Hexadecimal.decode($0.description) }),
      let digest = TextDigest(bytes)
    else { return nil }
    if let own = try? TextDigest(of: APIDescription.embeddedBytes), own == digest {
      return try? APIDescription.embedded()
    }
    guard let text = try? reader.text(digest) else { return nil }
    return try? APIDescription(parsing: text, file: "the API description of the run")
  }
}
