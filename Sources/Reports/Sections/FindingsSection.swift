internal import Documents
internal import Results

/// The findings in full: every answer with its numbers, and what they cover.
enum FindingsSection {
  static func make(_ source: ReportSource) -> Section? {
    let result = source.result
    guard !result.arms.isEmpty else { return nil }
    let findings = result.findings
    var blocks: [Block] =
      findings.count == 2
      ? findings.flatMap { finding -> [Block] in
        [
          .subheading("\(finding.arm.name) against \(finding.reference.name)"), .list(finding.sentences),
        ]
      } : [.list(result.findingSentences)]
    let reach = result.reachParagraphs
    if !reach.isEmpty { blocks += [.subheading("What this rests on"), .list(reach)] }
    return Section(title: "Findings in full", blocks: blocks)
  }
}
