package import Expressions

/// A file that goes out as the body of a request.
package struct FileUpload: Sendable, Hashable {
  /// The path of the file as the playbook gives it; `~/` at its start is the home folder.
  package var path: String
  /// The data key it is encrypted with on its way, in hex; without one it goes out as it is.
  package var key: Secret?

  /// An upload of the file at `path`, encrypted when there is a `key`.
  package init(path: String, key: Secret? = nil) {
    self.path = path
    self.key = key
  }
}

/// A file that the body of a successful answer is written to.
package struct FileDownload: Sendable, Hashable {
  /// The path to write, replaced only when the data is whole; `~/` at its start is the home folder.
  package var path: String
  /// The data key it is decrypted with on its way, in hex; without one it is kept as it came.
  package var key: Secret?

  /// A download into the file at `path`, decrypted when there is a `key`.
  package init(path: String, key: Secret? = nil) {
    self.path = path
    self.key = key
  }
}

/// A body that was written to a file.
package struct ReceivedFile: Sendable, Hashable {
  /// The file, whole and proved.
  package var file: LocalFile
  /// Bytes of the body as it came.
  package var byteCount: Int

  /// What a person should know about the file, in one sentence; it holds no secret.
  package var notice: String?

  /// A file written whole from a body of `byteCount` bytes, the envelope's IV and tag included.
  package init(file: LocalFile, byteCount: Int, notice: String? = nil) {
    self.file = file
    self.byteCount = byteCount
    self.notice = notice
  }
}
