import Foundation
import NIOSSL
import Testing

@testable import Networking

@Suite struct CertificateFilesTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(component: "privirun-certificates-\(UUID().uuidString).pem")
  private let files = CertificateFiles()

  private func write(_ text: String) throws {
    try text.write(to: path, atomically: true, encoding: .utf8)
  }

  private func certificates() -> [NIOSSLCertificate] { files.certificates(at: path.path()) }

  @Test func `runs share the certificates of a file`() throws {
    defer { try? FileManager.default.removeItem(at: path) }
    try write(Certificates.authority)
    let (first, second) = (certificates(), certificates())
    #expect(first.map(ObjectIdentifier.init) == second.map(ObjectIdentifier.init))
    #expect(first == (try NIOSSLCertificate.fromPEMBytes(Array(Certificates.authority.utf8))))
  }

  @Test func `a file that was changed is read again`() throws {
    defer { try? FileManager.default.removeItem(at: path) }
    #expect(certificates() == [])
    try write("none")
    #expect(certificates() == [])
    try write(Certificates.authority)
    #expect(certificates().count == 1)
    try write(Certificates.client)
    #expect(
      certificates() == (try NIOSSLCertificate.fromPEMBytes(Array(Certificates.client.utf8))))
    try FileManager.default.removeItem(at: path)
    #expect(certificates() == [])
  }
}
