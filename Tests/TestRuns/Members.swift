import Foundation
package import ProcessGroups

/// Does the same work in several members of a new group at the same time, as several processes would.
///
/// - Parameters:
///   - count: How many.
///   - body: The work of one; what it throws the others learn.
/// - Returns: How each of them ended, by rank.
package func together<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (_ member: LocalGroup) async throws -> Value
) async -> [Result<Value, any Error>] {
  let members = LocalGroup.members(count) { (($0 as? GroupError)?.status ?? 74, "\($0)") }
  return await withTaskGroup(of: (Int, Result<Value, any Error>).self) { tasks in
    for member in members {
      tasks.addTask {
        await CurrentGroup.$value.withValue(member) {
          do {
            let value = try await body(member)
            _ = try await member.conclude(nil)
            return (member.rank, .success(value))
          } catch {
            _ = try? await member.conclude(error)
            return (member.rank, .failure(error))
          }
        }
      }
    }
    var ends: [Int: Result<Value, any Error>] = [:]
    for await (rank, end) in tasks { ends[rank] = end }
    return members.compactMap { ends[$0.rank] }
  }
}
