import ArgumentParser
import Episodes
import Exchange
import Files
import Foundation
import Images
import Jobs
import Networks
import ProcessGroups
import ProcessMemory
import Reports
import Results
import SafeTensors
import Settings
import Studies
import Training

/// Why the program stops: an exit status of sysexits and one to three lines.
struct Failure: Error, Equatable {
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case noInput = 66
    case selfCheck = 70
    case systemShortage = 71
    case cannotCreate = 73
    case readOrWrite = 74
    case interrupted = 130
  }

  let status: Status
  let message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  /// Sorts any error into a status.
  init(_ error: any Error) {
    let status: Status =
      switch error {
      case let failure as Failure: failure.status
      case is ConfigurationError: .usage
      case let error as ConfigurationFileError: error.status
      case let error as DatasetError: error.status
      case let error as TrainedDataError: error.error.status
      case let error as ShiftDataError: error.error.status
      case let error as StoredResultError: error.status
      case is CurveExportError: .noInput
      case is EpisodeListError, is ImportError, is ImageError, is SafeTensorsError: .badData
      case is SelfCheckError: .selfCheck
      case is SystemShortage: .systemShortage
      case let error as GroupError: Status(rawValue: error.status) ?? .readOrWrite
      case RunFolderError.notWritable, RunFolderError.moved, RunFolderError.takenOver: .readOrWrite
      case RunFolderError.noRun: .noInput
      case RunFolderError.notTrained: .usage
      case is RunFolderError: .cannotCreate
      case is ResumeRefusal: .usage
      case is DamagedStates: .badData
      case is RunInterruption: .interrupted
      case is CancellationError: .interrupted
      case let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile:
        .noInput
      default: .readOrWrite
      }
    let message =
      switch error {
      case let failure as Failure: failure.message
      case is CancellationError:
        "interrupted."
      case let error as CocoaError: error.localizedDescription
      default: "\(error)"
      }
    self.init(status, message)
  }
}

extension ConfigurationFileError {
  fileprivate var status: Failure.Status {
    switch self {
    case .notFound: .noInput
    case .unreadable: .readOrWrite
    case .malformed, .setting: .usage
    }
  }
}

extension StoredResultError {
  fileprivate var status: Failure.Status {
    switch self {
    case .missing, .noCheckpoint: .noInput
    case .unreadable: .readOrWrite
    case .malformed, .otherSchema, .damaged, .notTensors: .badData
    }
  }
}

extension DatasetError {
  fileprivate var status: Failure.Status {
    switch self {
    case .notFound: .noInput
    case .unreadable: .readOrWrite
    case .notWritable, .outputInData: .cannotCreate
    case .overlappingFolders, .tooFewClasses, .noClassFolder, .unfitDivision, .tooFewImages: .usage
    default: .badData
    }
  }
}
