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
      verdict: result.findingParagraphs, reach: result.reachParagraphs,
      answers: findings.count == 1 ? findings[0].answers : [],
      sections: [
        GlanceSection.make(source), AttributionSection.make(source), AccuracySection.make(source),
        AnswersSection.make(source), DataSetsSection.make(source), SpeedSection.make(source),
        StartSection.make(source), TrainingSection.make(source),
        RateSection.make(source), RobustnessSection.make(source), ParameterSection.make(source),
        DataSection.make(source), ControlSection.make(source), MachineSection.make(source),
        CommandSection.make(source),
        MissingSection.make(source),
      ].compactMap(\.self))
  }
}
