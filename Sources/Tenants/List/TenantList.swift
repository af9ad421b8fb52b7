package import Diagnostics

/// The selected tenants of a rollout, in the order in which they start.
///
/// They are JSON lines in memory, parsed one at a time. The first line names the tenants file, and each
/// other one is a tenant.
package struct TenantList: Sendable {
  /// The lines; a list that is made of them is the same.
  package let text: [UInt8]
  /// The path of the tenants file.
  package let file: String
  /// Where each tenant's line begins.
  private let starts: [Int]

  /// The list with this text, as another list had it.
  package init(text: [UInt8]) throws(InvalidInput) {
    guard let head = text.firstIndex(of: 0x0A), text.last == 0x0A,
      let file = EncodedTenant.file(ofHead: text[..<head])
    else { throw Self.malformed("its first line is no head") }
    var starts: [Int] = []
    var position = head + 1
    while position < text.count {
      guard EncodedTenant.begins(text[position...]) else {
        throw Self.malformed("line \(starts.count + 2) is no tenant")
      }
      starts.append(position)
      position = (text[position...].firstIndex(of: 0x0A) ?? text.count) + 1
    }
    self.init(text: text, file: file, starts: starts)
  }

  private init(text: [UInt8], file: String, starts: [Int]) {
    self.text = text
    self.file = file
    self.starts = starts
  }

  /// How many tenants there are.
  package var count: Int { starts.count }

  /// The tenant at `index`, from 0; throws when its line is not as it was written.
  package subscript(index: Int) -> Tenant {
    get throws(InvalidInput) {
      guard let tenant = EncodedTenant.tenant(in: line(index), of: file) else {
        throw Self.malformed("line \(index + 2) is no tenant")
      }
      return tenant
    }
  }

  /// The names of the tenants in order; nothing else of them is parsed.
  package var names: some Sequence<String> {
    (0..<count).lazy.map { EncodedTenant.name(in: line($0)) }
  }

  private func line(_ index: Int) -> ArraySlice<UInt8> {
    let end = index + 1 < starts.count ? starts[index + 1] : text.count
    return text[starts[index]..<(end - 1)]
  }

  private static func malformed(_ reason: String) -> InvalidInput {
    InvalidInput([
      Diagnostic(.malformedTenants, "the list of tenants cannot be read: \(reason)", at: nil)
    ])
  }
}

extension TenantList {
  /// Puts a list together, tenant by tenant.
  package struct Builder: Sendable {
    private let file: String
    private var text: [UInt8]
    private var starts: [Int] = []

    /// An empty list of tenants of `file`.
    package init(file: String) {
      self.file = file
      text = Array(EncodedTenant.head(file).utf8) + [0x0A]
    }

    /// Adds a tenant behind those before it; that its name is unique is not checked.
    package mutating func add(_ tenant: Tenant) {
      starts.append(text.count)
      text += EncodedTenant.line(tenant).utf8
      text.append(0x0A)
    }

    /// The list of what was added so far.
    package func build() -> TenantList { TenantList(text: text, file: file, starts: starts) }
  }
}
