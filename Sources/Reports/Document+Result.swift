internal import Documents
internal import Results

extension Document {
  /// The report of a result: the answer, then what it rests on, then how it came about.
  init(_ source: ReportSource) {
    let result = source.result
    let findings = result.findings
    let names = result.arms.map(\.name)
    let kind =
      switch result.kind {
      case .run: "Run"
      case .evaluation: "Evaluation"
      case .ablation: "Ablation"
      }
    let references = Wording.list(result.references.map(\.name))
    let title =
      switch findings.count {
      case 0: names.first ?? "Nothing was compared"
      case 1: "\(findings[0].arm.name) against \(references)"
      default: "\(findings.count) arms against \(references)"
      }
    self.init(
      title: title,
      overline: "\(kind): \(result.shapeWords), "
        + "\(Wording.count(result.arms.first?.test.episodes ?? 0, "test episode")), \(result.data.path)",
      verdict: result.shortSentences, warnings: result.warnings,
      answers: findings.count == 1 ? findings[0].answers : [],
      lead: [SpeedSection.adaptation(source), AttributionSection.figure(source)].compactMap(\.self),
      sections: [
        GlanceSection.make(source), FindingsSection.make(source), TrainingSection.make(source),
        AttributionSection.make(source), AccuracySection.make(source), AnswersSection.make(source),
        UnionSection.make(source), DataSetsSection.make(source), SpeedSection.make(source),
        StartSection.make(source),
        RateSection.make(source), RobustnessSection.make(source), ParameterSection.make(source),
        DataSection.make(source), ControlSection.make(source), MachineSection.make(source),
        CommandSection.make(source),
        MissingSection.make(source),
      ].compactMap(\.self).map { $0.withSeeds(of: result) }, paper: PaperTable(result))
  }
}

extension Section {
  /// The section with a column of every table of arms that says, in files, how many trainings are behind a row.
  fileprivate func withSeeds(of result: RunResult) -> Section {
    let counts = Dictionary(
      result.arms.map { ($0.name, $0.seeds.count) }, uniquingKeysWith: { first, _ in first })
    func changed(_ block: Block) -> Block {
      switch block {
      case .details(let summary, let blocks): return .details(summary: summary, blocks.map(changed))
      case .table(var table):
        guard let arm = table.columns.firstIndex(where: { $0.key == "arm" }),
          !table.columns.contains(where: { ["seed", "seeds"].contains($0.key) })
        else { return block }
        table.columns.insert(.number("seeds", "seeds", at: .file), at: arm + 1)
        for i in table.rows.indices {
          table.rows[i].insert(.count(counts[table.rows[i][arm].text]), at: arm + 1)
        }
        return .table(table)
      default: return block
      }
    }
    return Section(title: title, blocks: blocks.map(changed))
  }
}
