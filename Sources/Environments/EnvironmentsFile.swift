package import Diagnostics
import Playbooks

/// A `privirun.yaml`: the named environments of a project.
package struct EnvironmentsFile: Sendable, Hashable {
  /// The name that such a file has.
  package static let name = "privirun.yaml"
  /// The version of the format that is read.
  package static let version = 1
  /// The largest file, in bytes.
  package static let sizeLimit = 1 << 20

  /// The path of the file, as diagnostics name it.
  package var path: String
  /// The environment that is used when none is named; nil where the file names none.
  package var defaultName: String?
  /// The environments, in the order of the file.
  package var environments: [NamedEnvironment]

  /// The environments of the file at `path`.
  package init(path: String, defaultName: String? = nil, environments: [NamedEnvironment]) {
    self.path = path
    self.defaultName = defaultName
    self.environments = environments
  }

  /// The environment `name`; throws with the known names where there is none.
  package func environment(named name: String) throws(UnknownEnvironment) -> NamedEnvironment {
    guard let found = environments.first(where: { $0.name == name }) else {
      throw UnknownEnvironment(name: name, file: path, known: environments.map(\.name))
    }
    return found
  }
}

/// A name that no environment of the file has.
package struct UnknownEnvironment: Error, Sendable, Hashable {
  /// The name that was given.
  package var name: String
  /// The path of the file.
  package var file: String
  /// The names that there are.
  package var known: [String]

  /// One sentence without a full stop.
  package var message: String { "`\(file)` has no environment `\(name)`" }

  /// What was meant, and which names there are.
  package var hint: String {
    let all = "the environments are \(PlaybookReader.enumeration(of: known))"
    guard let meant = didYouMean(name, among: known) else { return all }
    return known.count == 1 ? meant : "\(meant) \(all)"
  }
}

extension EnvironmentsFile {
  /// Says what is wrong with the address of a server; nil when it can be used.
  package typealias AddressCheck = (_ address: String, _ server: EnvironmentServer) -> AddressFlaw?

  /// What is wrong with an address.
  package struct AddressFlaw: Sendable, Hashable {
    /// One sentence without a full stop, and without the address.
    package var message: String
    /// What to write instead.
    package var hint: String?

    /// A flaw.
    package init(message: String, hint: String? = nil) {
      self.message = message
      self.hint = hint
    }
  }

  /// Reads the file at `path`, from whose folder its relative paths begin.
  ///
  /// Throws everything that is wrong with it at once.
  package init(
    parsing bytes: [UInt8], path: String, checking addressCheck: @escaping AddressCheck
  ) throws(InvalidInput) {
    let yaml = YAMLReading(of: bytes, file: path, limits: .playbook)
    var reader = EnvironmentsReader(path: path, addressCheck: addressCheck)
    reader.nodes.diagnostics.merge(yaml.diagnostics)
    let file = yaml.node.flatMap { reader.read($0) }
    guard let file, !reader.nodes.diagnostics.hasErrors else {
      throw InvalidInput(reader.nodes.diagnostics.elements)
    }
    self = file
  }
}
