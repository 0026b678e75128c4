/// At which step of a picture's preparation a corruption acts.
///
/// Strengths are those of CIFAR-C, which corrupts the very pixels that its networks see. On a larger picture that is
/// resized afterwards, the mean over neighbouring pixels takes most of a noise or of coarse pixels away again.
public enum CorruptionPlace: String, Codable, CaseIterable, Hashable, Sendable {
  /// On the resized picture, at the side that the network sees.
  case network
  /// On the picture of the file, at its own side, which is resized afterwards.
  case original
}
