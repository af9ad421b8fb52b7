import CPrivicoreAPI
package import Diagnostics
import Playbooks

extension APIDescription {
  /// Reads an OpenAPI 3.1 document in YAML, throwing all its diagnostics at once.
  package init(parsing bytes: [UInt8], file: String) throws(InvalidInput) {
    var reader = DescriptionReader(
      try YAMLNode(parsing: bytes, file: file, limits: .description))
    guard let description = reader.read() else { throw InvalidInput(reader.diagnostics) }
    self = description
    digest = try DocumentDigest.hex(of: bytes)
  }

  /// The description that is part of the program: `schemas/privicore-api.yaml`.
  ///
  /// It is read once, from its compiled form. A document that was changed and not compiled since is parsed.
  package static func embedded() throws(InvalidInput) -> APIDescription { try shared.get() }

  private static let shared = Result { () throws(InvalidInput) in
    let document = embeddedBytes
    if let description = APIDescription(compiled: compiledBytes, from: document) {
      return description
    }
    return try APIDescription(parsing: document, file: "schemas/privicore-api.yaml")
  }

  /// The bytes of `schemas/privicore-api.yaml` as it was when the program was built.
  package static var embeddedBytes: [UInt8] {
    Array(UnsafeBufferPointer(start: privicore_api_bytes(), count: privicore_api_count()))
  }

  /// The bytes of the compiled form of `embeddedBytes`.
  package static var compiledBytes: [UInt8] {
    Array(
      UnsafeBufferPointer(
        start: privicore_api_compiled_bytes(), count: privicore_api_compiled_count()))
  }
}
