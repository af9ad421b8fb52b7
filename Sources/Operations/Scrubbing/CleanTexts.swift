import Synchronization

/// Texts in which a search found nothing, so that it is not made again: the same names and ids stand in many
/// responses, and each is looked at on several ways.
///
/// Only hashes are kept, of 64 bits and under a key of this process that nobody knows: that two texts share one
/// by accident is less likely than that the memory fails. Copies of a scrubber share them as long as they know
/// the same secrets.
final class CleanTexts: Sendable {
  /// The most hashes that are kept; the next one takes the place of all.
  private static let capacity = 192

  private let hashes = Mutex<Set<Int>>([])

  func contains(_ text: String) -> Bool {
    let hash = Self.hash(text)
    return hashes.withLock { $0.contains(hash) }
  }

  func insert(_ text: String) {
    let hash = Self.hash(text)
    hashes.withLock { hashes in
      if hashes.count >= Self.capacity { hashes.removeAll(keepingCapacity: true) }
      hashes.insert(hash)
    }
  }

  /// Of the bytes, and not of the characters: texts that are equal to a reader may be searched differently.
  private static func hash(_ text: String) -> Int {
    var hasher = Hasher()
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    return hasher.finalize()
  }
}
