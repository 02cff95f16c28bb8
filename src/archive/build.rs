//! Writes a tar of any members, as the tar command and the export of images need it. The result is [`Content`], so that
//! generated files stay generated.

use super::header::{BLOCK, Header};
use super::read::{Member, MemberKind};
use crate::vfs::Content;

/// The header of a plain file of an image archive; of a directory, if the name ends with a slash. Owned by root, at the
/// time 0.
pub fn file_header(name: &str, size: u64) -> Vec<u8> {
    let (typeflag, mode) = if name.ends_with('/') { (b'5', 0o755) } else { (b'0', 0o644) };
    let mut out = Vec::new();
    Header { name, link: "", typeflag, mode, uid: 0, gid: 0, size, mtime: 0, device: None, owner: ["", ""] }
        .encode(&mut out);
    out
}

/// A tar in the making.
#[derive(Debug, Default)]
pub struct TarBuilder {
    content: Content,
}

impl TarBuilder {
    /// Adds a member; `data` is what a file holds. The member's `offset`, `data` and `size` do not count.
    pub fn add(&mut self, member: &Member, data: &Content) {
        let (typeflag, link) = match &member.kind {
            MemberKind::File => (b'0', ""),
            MemberKind::Hardlink(target) => (b'1', target.as_str()),
            MemberKind::Symlink(target) => (b'2', target.as_str()),
            MemberKind::CharDevice { .. } => (b'3', ""),
            MemberKind::BlockDevice { .. } => (b'4', ""),
            MemberKind::Dir => (b'5', ""),
            MemberKind::Fifo => (b'6', ""),
        };
        let device = match member.kind {
            MemberKind::CharDevice { major, minor } | MemberKind::BlockDevice { major, minor } => Some((major, minor)),
            _ => None,
        };
        let file = member.kind == MemberKind::File;
        let mut header = Vec::new();
        Header {
            name: &member.name,
            link,
            typeflag,
            mode: member.meta.mode,
            uid: member.meta.uid,
            gid: member.meta.gid,
            size: if file { data.len() } else { 0 },
            mtime: member.meta.mtime.seconds.max(0).unsigned_abs(),
            device,
            owner: [&member.user, &member.group],
        }
        .encode(&mut header);
        self.content.push_bytes(&header);
        if file {
            self.content.append(data);
            self.pad_to(BLOCK as u64);
        }
    }

    /// The length so far, in bytes.
    pub fn len(&self) -> u64 {
        self.content.len()
    }

    /// Nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The archive with its two closing blocks, padded to whole records of `record` bytes (GNU tar's are 10,240; 512 adds
    /// nothing).
    pub fn finish(mut self, record: u64) -> Content {
        self.content.append(&Content::zeros(2 * BLOCK as u64));
        self.pad_to(record.max(1));
        self.content
    }

    fn pad_to(&mut self, unit: u64) {
        let len = self.content.len();
        self.content.append(&Content::zeros(len.next_multiple_of(unit) - len));
    }
}
