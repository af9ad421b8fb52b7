import Cryptography
import Expressions
import Machine
import Operations

/// The SHA-256 digest and the size of a file that is read a piece at a time.
struct FileDigest: ~Copyable {
  private var hash: SHA256
  private var size = 0

  /// A digest of nothing yet.
  init() throws(LocalFailure) {
    do throws(CryptographyFailure) {
      hash = try SHA256()
    } catch {
      throw LocalFailure(error)
    }
  }

  /// Adds the next bytes of the file.
  mutating func add(_ piece: [UInt8]) throws(LocalFailure) {
    do throws(CryptographyFailure) {
      try hash.update(piece)
    } catch {
      throw LocalFailure(error)
    }
    size += piece.count
  }

  /// The fields of `file.digest` for all that was added.
  consuming func result() throws(LocalFailure) -> LocalResult {
    let size = size
    do throws(CryptographyFailure) {
      let digest = Hexadecimal.encode(try hash.finalize())
      return LocalResult(["sha256": .string(digest), "size": .int(Int64(size))])
    } catch {
      throw LocalFailure(error)
    }
  }
}

extension LocalFailure {
  /// The same as the failure of a local action.
  init(_ failure: CryptographyFailure) {
    self.init(failure.message, hint: failure.hint)
  }
}
