import Files
import Machine
import Running
import Simulation
import Testing

struct SimulatedFilesTests {
  private let base = SimulatedFiles(["read.txt": [1], "both.txt": [2]])

  @Test func `what is beneath is read, and never written to`() throws {
    let files = SimulatedFiles(["both.txt": [3]], above: base.access)
    #expect(try files.access.read("read.txt", 10) == [1])
    #expect(try files.access.read("both.txt", 10) == [3])
    #expect(try files.access.exists("read.txt"))
    #expect(try !files.access.exists("none.txt"))
    #expect(throws: LocalFailure.self) { try files.access.read("none.txt", 10) }
    _ = try files.access.write("read.txt", [4], .shared)
    #expect(try files.access.read("read.txt", 10) == [4])
    #expect(base.all == ["read.txt": [1], "both.txt": [2]])
    #expect(files.all == ["read.txt": [4], "both.txt": [3]])
  }

  @Test func `a copy goes its own way`() throws {
    let copy = base.copy
    _ = try copy.access.write("new.txt", [5], .secret)
    #expect(base.all["new.txt"] == nil)
    #expect(copy.secrets == [[5]])
    #expect(copy.copy.secrets == [[5]])
  }

  @Test func `a new secret replaces nothing`() throws {
    _ = try base.access.write("key", [1], .newSecret)
    #expect(throws: LocalFailure.self) { try base.access.write("key", [2], .newSecret) }
    #expect(base.all["key"] == [1])
  }

  @Test func `a file that is written in pieces is there when it is whole`() throws {
    let draft = try base.access.create("whole.txt", .secret)
    try draft.write([1, 2])
    #expect(base.all["whole.txt"] == nil)
    try draft.write([3])
    _ = try draft.commit()
    #expect(base.all["whole.txt"] == [1, 2, 3])
    #expect(base.secrets == [[1, 2, 3]])
    let other = try base.access.create("gone.txt", .shared)
    try other.write([1])
    other.discard()
    #expect(Set(base.all.keys) == ["read.txt", "both.txt", "whole.txt"])
  }
}
