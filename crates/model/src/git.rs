//! What git's environment says of a repository.

/// The variables by which git finds a repository, its index and its objects: a hook of git has them set, and they
/// lead to another repository than that of the folder which is asked (git(1), "The Git Repository").
pub const VARIABLES: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
];
