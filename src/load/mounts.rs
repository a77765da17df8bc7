//! What is known of the file system that a file lies on, by its number: whether other machines share it, and whether it
//! tells every change of a file.
//!
//! What is not known is never taken for granted: nothing is believed of a file system that is not named here.

use std::fs;
use std::path::Path;

/// The numbers of NFS, SMB, CIFS, SMB2, 9P, FUSE, AFS (two), Ceph, Coda, NCP, vboxsf, Lustre, GPFS, OCFS2 and GFS2.
const NETWORK: [i64; 16] = [
    0x6969,
    0x517b,
    0xff53_4d42,
    0xfe53_4d42,
    0x0102_1997,
    0x6573_5546,
    0x5346_414f,
    0x6b41_4653,
    0x00c3_6400,
    0x7375_7245,
    0x564c,
    0x786f_4256,
    0x0bd0_0bd0,
    0x4750_4653,
    0x7461_636f,
    0x0116_1970,
];

/// The numbers of ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs, F2FS, ZFS and bcachefs: the kernel of this machine sets the
/// change time of their files, and no program can set it back. FAT and its like keep none.
const TOLD: [i64; 8] =
    [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0xf2f5_2010, 0x2fc1_2fc1, 0xca45_1a4e];

/// Whether a file system shares files between machines, or through a program that may: no shared memory there.
#[must_use]
pub fn is_network(path: &Path) -> bool {
    let existing = path.ancestors().find(|path| fs::metadata(path).is_ok());
    existing.and_then(magic).is_some_and(|magic| NETWORK.contains(&magic))
}

/// Whether the change time of a file there tells that it was changed, whatever was done to its other times.
#[must_use]
pub fn tells_changes(path: &Path) -> bool {
    magic(path).is_some_and(|magic| TOLD.contains(&magic))
}

/// The number of the file system.
#[cfg(target_os = "linux")]
#[allow(
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    reason = "the width of the number depends on the machine"
)]
fn magic(path: &Path) -> Option<i64> {
    rustix::fs::statfs(path).ok().map(|at| of_32_bits(at.f_type as i64))
}

/// Elsewhere they have no numbers.
#[cfg(not(target_os = "linux"))]
fn magic(_: &Path) -> Option<i64> {
    None
}

/// The kernel's number is of 32 bits, whatever its sign became.
#[cfg(any(target_os = "linux", test))]
const fn of_32_bits(magic: i64) -> i64 {
    magic & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_systems_are_known_by_their_numbers() {
        for (magic, is_network, is_told) in [
            (0x6969, true, false),
            (0x6573_5546, true, false),
            (i64::from(0xff53_4d42_u32.cast_signed()), true, false),
            (0xef53, false, true),
            (0x0102_1994, false, true),
            (i64::from(0x9123_683e_u32.cast_signed()), false, true),
            // FAT, and one that nobody knows.
            (0x4d44, false, false),
            (0x1234_5678, false, false),
        ] {
            let magic = of_32_bits(magic);
            assert_eq!(NETWORK.contains(&magic), is_network, "{magic:x}");
            assert_eq!(TOLD.contains(&magic), is_told, "{magic:x}");
        }
        assert!(!NETWORK.iter().any(|magic| TOLD.contains(magic)));
    }

    #[test]
    fn of_a_file_that_is_not_there_nothing_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!tells_changes(&folder.path().join("none")));
        assert_eq!(is_network(&folder.path().join("none/at/all")), is_network(folder.path()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_system_of_the_kernel_itself_tells_no_changes() {
        assert!(!tells_changes(Path::new("/proc")) && !is_network(Path::new("/proc")));
    }
}
