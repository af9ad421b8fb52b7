import Environments
import Foundation
import Testing

/// The files beside these tests.
enum EnvironmentFixtures {
  /// The names of the bad files, without `.yaml`.
  static let bad: [String] = {
    let path = Bundle.module.resourceURL?.appending(path: "Fixtures/bad").path() ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/\(path)")
    return Array(try Data(contentsOf: file))
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  /// Where `path` stands in the repository, for writing what a test has found.
  static func source(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(path)")
  }

  /// Refuses what is obviously no address of `server`, and what holds a password.
  static func check(
    _ address: String, _ server: EnvironmentServer
  ) -> EnvironmentsFile.AddressFlaw? {
    let schemes = server == .webSocket ? ["ws://", "wss://"] : ["http://", "https://"]
    guard schemes.contains(where: address.hasPrefix) else {
      return EnvironmentsFile.AddressFlaw(
        message: "the address does not begin with `\(schemes[1])`",
        hint: "write it like `\(schemes[1])host:port`")
    }
    guard !address.contains("@") else {
      return EnvironmentsFile.AddressFlaw(
        message: "the address must not hold a user name or password")
    }
    return address.hasSuffix(":99999")
      ? EnvironmentsFile.AddressFlaw(message: "the address has a port over 65535") : nil
  }
}
