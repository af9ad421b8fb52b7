import Diagnostics
import Files
import Planning

/// Reads the tenants of a file one after another, and everything that is wrong with any of them.
///
///     let reader = TenantsReader(file: "tenants.csv", binder: binder)
///     var list = TenantList.Builder(file: "tenants.csv")
///     let reading = reader.read(try .file("tenants.csv")) { list.add($0) }
///     // reading.diagnostics, reading.texts
///
/// Of a table and of JSON lines, one row at a time is in memory.
package struct TenantsReader: Sendable {
  /// The most tenants of a file.
  package static let limit = 1_000_000
  /// The largest YAML or JSON file, which is read as a whole, in bytes.
  static let wholeLimit = 16 << 20

  let file: String
  let format: TenantsFormat?
  let separator: CSVSeparator?
  let binder: TenantBinder

  /// A reader of `file`, as diagnostics name it; what `binder` says is wrong with a tenant is reported.
  ///
  /// Without `format`, the extension of the file decides. Without `separator`, the extension `tsv`, a
  /// first line such as `sep=;` or the header decides.
  package init(
    file: String, format: TenantsFormat? = nil, separator: CSVSeparator? = nil, binder: TenantBinder
  ) {
    self.file = file
    self.format = format ?? TenantsFormat(ofFile: file)
    self.separator = separator ?? CSVSeparator(ofFile: file)
    self.binder = binder
  }

  /// Reads the file to its end, and hands over each tenant that is right.
  package func read(_ source: TenantsBytes, _ take: (Tenant) -> Void) -> TenantsReading {
    var reading = TenantsReading(texts: binder.texts)
    do throws(FileError) {
      try read(source, into: &reading, take)
    } catch {
      reading.add([
        Diagnostic(
          .unreadableFile, "the tenants file `\(file)` cannot be read: \(error.cause)", at: nil,
          hint: error.hint)
      ])
    }
    return reading
  }

  private func read(
    _ source: TenantsBytes, into reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) throws(FileError) {
    guard let format else {
      let known = "csv, tsv, yaml, yml, json, jsonl and ndjson"
      return reading.add([
        Diagnostic(
          .unknownFormat, "the format of the tenants file `\(file)` is unknown", at: nil,
          hint: "name it with `format`: csv, yaml, json or jsonl; known extensions are \(known)")
      ])
    }
    let start = try Self.start(of: source)
    if let flaw = encodingFlaw(start) { return reading.add([flaw]) }
    var isFirst = true
    let whole = TenantsBytes { () throws(FileError) in
      guard isFirst else { return try source.next() }
      isFirst = false
      return start.isEmpty ? try source.next() : start
    }
    switch format {
    case .csv: try readTable(whole, into: &reading, take)
    case .jsonLines: try readLines(whole, into: &reading, take)
    case .yaml, .json: try readDocument(whole, as: format, into: &reading, take)
    }
    guard !reading.diagnostics.hasErrors, reading.count == 0 else { return }
    reading.add([
      Diagnostic(.noTenants, "the tenants file `\(file)` names no tenant", at: nil)
    ])
  }

  /// At least the first four bytes, unless the file has fewer.
  private static func start(of source: TenantsBytes) throws(FileError) -> [UInt8] {
    var start: [UInt8] = []
    while start.count < 4 {
      let piece = try source.next()
      guard !piece.isEmpty else { return start }
      start += piece
    }
    return start
  }

  /// What is wrong with a file in UTF-16, with or without a byte order mark.
  private func encodingFlaw(_ start: [UInt8]) -> Diagnostic? {
    let isMarked = start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
    let zeros = start.prefix(4).map { $0 == 0 }
    guard isMarked || zeros == [false, true, false, true] || zeros == [true, false, true, false]
    else { return nil }
    return Diagnostic(
      .notUTF8, "the file is UTF-16", at: SourceLocation(file: file, line: 1, column: 1),
      hint: "save it as UTF-8, which spreadsheets call CSV UTF-8")
  }

  /// Checks `tenant` and hands it over, unless that or anything `found` before is an error.
  func finish(
    _ tenant: Tenant, found: [Diagnostic], besides missing: Set<String> = [],
    in reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) -> [Diagnostic] {
    let all = found + binder.check(tenant, besides: missing)
    if !all.contains(where: { $0.severity == .error }) {
      reading.countTenant()
      take(tenant)
    }
    return all
  }

  func tooMany(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .tooManyTenants, "the file names more than \(Self.limit) tenants", at: location,
      hint: "split it")
  }
}
